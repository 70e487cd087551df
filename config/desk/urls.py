"""The supervisors' pages. Included at /admin/ before the admin's own, so that its home page is the desk."""

from django.contrib import admin
from django.urls import include, path

from config.desk import complaint_report, contact_people, disclosing, letters, logging_in, views
from config.desk.officer import views as officer
from config.desk.privacy import seen
from config.desk.privacy import urls as privacy

closed = admin.site.admin_view

urlpatterns = [
    path("", closed(views.desk), name="desk"),
    path("login/", logging_in.log_in, name="login"),
    path("logout/", closed(logging_in.log_out), name="logout"),
    path("map/", closed(views.day_map), name="map"),
    path("privacy/", include(privacy)),
    path("complaints/report/", closed(complaint_report.report), name="complaint-report"),
    path("records/", closed(views.records), name="records"),
    path("rule-book/", closed(officer.rule_book), name="rule-book"),
    path("decisions/", closed(officer.decisions), name="decisions"),
    path("decisions/<slug:kind>/<uuid:decision_id>/", closed(officer.decision), name="decision"),
    path("compliance-report/", closed(officer.report), name="compliance-report"),
    path("certificate/", closed(officer.certificate), name="certificate"),
    path("certificate/<int:number>/", closed(officer.issued), name="issued-certificate"),
    path("certificate/<int:number>/pdf/", closed(officer.issued_pdf), name="issued-certificate-pdf"),
    path("cases/<uuid:case_id>/", closed(views.case_file), name="case-file"),
    path(
        "cases/<uuid:case_id>/identity/", closed(disclosing.show_identity_number), name="show-identity-number"
    ),
    path("cases/<uuid:case_id>/may-contact/", closed(officer.may_contact), name="may-contact"),
    path("cases/<uuid:case_id>/letter/", closed(letters.write), name="write-letter"),
    path(
        "cases/<uuid:case_id>/people/<uuid:person_id>/ask/",
        closed(contact_people.ask_person),
        name="ask-person",
    ),
    path("cases/<uuid:case_id>/seen/", closed(seen.who_saw_what), name="who-saw-what"),
    path("cases/<uuid:case_id>/phones/<uuid:phone_id>/", closed(disclosing.show_phone), name="show-phone"),
]
