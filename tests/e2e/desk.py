"""A supervisor at a browser: signs in, has a day planned, accepts the plan."""

import re

import httpx

PLAN = re.compile(r"/admin/visits/plan/([0-9a-f-]{36})/change/")


def have_the_day_planned(address, office):
    """Propose and accept today's plan, one form after the other."""
    with httpx.Client(base_url=address, follow_redirects=True, timeout=60) as browser:
        _sign_in(browser, office.log_ins[0])
        wanted = {"branch": office.branch.pk, "date": office.today.isoformat(), "seconds": 1}
        proposed = _send(browser, "/admin/visits/plan/propose/", wanted)
        found = PLAN.fullmatch(proposed.url.path)
        assert found, proposed.text
        accepted = _send(browser, "/admin/visits/plan/", {"action": "accept", "_selected_action": found[1]})
        assert accepted.status_code == 200, accepted.text


def _sign_in(browser, who):
    plans = "/admin/visits/plan/"
    page = _send(
        browser,
        "/admin/login/",
        {"username": who["username"], "password": who["password"], "next": plans},
    )
    assert page.url.path == plans, page.text


def _send(browser, path, form):
    """Look at the page, then send its form."""
    browser.get(path)
    return browser.post(path, data={**form, "csrfmiddlewaretoken": browser.cookies["csrftoken"]})
