from django.contrib.auth.views import LogoutView
from django.urls import path

from procurement.people.views import account, erasure, hospitals, people, record, tokens

app_name = "people"
urlpatterns = [
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", account.language, name="language"),
    path("password/", account.password, name="password"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.change_role, name="change_role"),
    path("people/<int:pk>/join/", people.join, name="join"),
    path("people/<int:pk>/mandate/", people.give_mandate, name="give_mandate"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:pk>/password/", people.renew_password, name="renew_password"),
    path("memberships/<int:pk>/end/", people.leave, name="leave"),
    path("mandates/<int:pk>/withdraw/", people.withdraw_mandate, name="withdraw_mandate"),
    path("hospitals/", hospitals.hospitals, name="hospitals"),
    path("hospitals/new/", hospitals.new_hospital, name="new_hospital"),
    path("hospitals/<int:pk>/", hospitals.hospital, name="hospital"),
    path("hospitals/groups/new/", hospitals.new_group, name="new_group"),
]
record_urls = (
    [
        path("", record.record, name="record"),
        path("erase/", erasure.erase, name="erase"),
        path("<int:sequence>/", record.line, name="line"),
    ],
    "ledger",
)
