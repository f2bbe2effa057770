"""Coming in and going out, one's language, one's password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from procurement.people import lockout, services
from procurement.people.bounds import OF_ONE_PERSON
from procurement.people.forms import LoginForm
from procurement.people.reader import reader
from procurement.people.refusals import TooOften


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """Name and password; after too many wrong ones, how long to wait (`lockout`)."""

    template_name = "people/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        if seconds := lockout.wait(request, request.POST.get("username", "")):
            return lockout.refused(request, seconds)
        return super().post(request, *args, **options)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        services.record_login(by=form.get_user())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        lockout.count(self.request, self.request.POST.get("username", ""))
        # Attempts on an account already locked are kept by django-axes alone: they must not fill the record.
        if form.cleaned_data.get("password") and not getattr(self.request, "axes_locked_out", False):
            services.record_failed_login(username=form.cleaned_data["username"])
        return super().form_invalid(form)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read in the language posted: kept on the account, or in a cookie before logging in."""
    code, following = request.POST.get("language", ""), request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure())
    if not own or not following.startswith("/"):  # a word alone would be taken for the name of an address
        following = "/"
    response = redirect(following)
    if code not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        services.choose_language(language=code, by=reader(request))
    else:
        translation.activate(code)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose one's password: at the first log-in with the one an administrator gave, or later with the one in use."""
    by = reader(request)
    if seconds := OF_ONE_PERSON.wait(by.pk):
        raise TooOften(lockout.sentence(seconds))
    asked = SetPasswordForm if by.password_is_temporary else PasswordChangeForm
    form = asked(by, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.choose_password(password=form.cleaned_data["new_password1"], by=by)
        update_session_auth_hash(request, by)
        messages.success(request, _("Your password is changed."))
        return redirect("people:home")
    if "old_password" in form.errors:
        OF_ONE_PERSON.count(by.pk)
    return render(request, "people/password.html", {"form": form})
