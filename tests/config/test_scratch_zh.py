import html, re
import pytest
from django.contrib import admin
from django.urls import reverse
from tests.accounts.factories import *
from tests.accounts import factories as af
from tests.visits import factories as vf
from tests.followups import factories as ff

@pytest.mark.django_db
def test_scan(client):
    for mod in (af, vf, ff):
        for n in dir(mod):
            F = getattr(mod, n)
            if isinstance(F, type) and n.endswith("Factory") and n not in ("DjangoModelFactory",):
                try:
                    from django.db import transaction
                    with transaction.atomic(): F()
                except Exception as e: print("FACTORY", n, str(e)[:100])
    u = UserFactory(role=Role.ADMINISTRATOR)
    u2 = UserFactory(role=Role.SUPERVISOR)
    try:
        from accounts.roles import apply_role
        apply_role(u); apply_role(u2)
    except Exception as e: print(e)
    for who in (u, u2):
        client.force_login(who)
        urls = [reverse("admin:index"), "/admin/records/", reverse("admin:password_change")]
        for m, a in admin.site._registry.items():
            base = f"admin:{m._meta.app_label}_{m._meta.model_name}"
            urls.append(reverse(base + "_changelist"))
            urls.append(reverse(base + "_add"))
            first = m._default_manager.first()
            if first: urls.append(reverse(base + "_change", args=[first.pk]))
        for url in urls:
            try: r = client.get(url)
            except Exception as e: print("FAIL", url, repr(e)[:200]); continue
            if r.status_code != 200: print(r.status_code, url); continue
            t = r.content.decode()
            t = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", t)
            attrs = re.findall(r'(?:title|aria-label|placeholder|alt|value)="([^"]+)"', t)
            texts = re.findall(r">([^<]+)<", t) + attrs
            bad = sorted({html.unescape(x).strip() for x in texts if re.search(r"[a-z]{3,}", x) and not re.search("[\u4e00-\u9fff]", x)})
            print("==", url, bad)
