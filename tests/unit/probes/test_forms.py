"""How forms are filled in."""

from urllib.parse import parse_qsl

import pytest

from launchready.parse.html_page import read_page
from launchready.probes.forms import Person, confirmation_form, filled, login_form, signup_form, submission

MAYA = Person("visitor+ab12@inbox.example", "a-password")
URL = "https://app.example.com/signup?from=ad"


def fields(controls: str) -> list[tuple[str, str]]:
    page = read_page(f"<form method=post>{controls}<input type=password name=password></form>")
    form = signup_form(page)
    assert form is not None
    return list(filled(form, MAYA))[:-1]


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("<input name=mail type=email>", MAYA.email),
        ("<input name=user_email>", MAYA.email),
        ("<input name=username>", MAYA.email),
        ("<input name=first_name>", "Launch Ready"),
        ("<input name=csrf type=hidden value=abc>", "abc"),
        ("<input name=again type=password>", "a-password"),
        ("<input name=phone type=tel required>", "+12025550143"),
        ("<input name=website>", ""),
        ("<input name=company required>", "Launch Ready"),
        ("<select name=plan><option>free<option>paid</select>", "free"),
        ("<input name=terms type=checkbox>", "on"),
        ("<input name=go type=submit value=Go>", "Go"),
    ],
)
def test_a_field_is_filled_by_its_type_and_name(control: str, value: str) -> None:
    assert [sent for _, sent in fields(control)] == [value]


def test_a_user_name_beside_an_address_is_a_word() -> None:
    assert fields("<input type=email name=e><input name=username>") == [("e", MAYA.email), ("username", "visitorab12")]


def test_what_a_browser_would_not_send_is_left_out() -> None:
    assert fields("<input type=checkbox name=news><input type=file name=f><button type=button name=b>x</button>") == []


def test_only_the_first_button_is_pressed() -> None:
    assert fields("<button name=a value=1>x</button><button name=b value=2>y</button>") == [("a", "1")]


def test_a_required_choice_is_made_once() -> None:
    radios = "<input type=radio name=r value=1 required><input type=radio name=r value=2 required>"
    assert fields(radios) == [("r", "1")]


LOGIN = "<form method=post action=/login><input name=email><input type=password name=p></form>"
SIGNUP = "<form method=post action=/join><input name=e><input name=n><input type=password name=p></form>"


def test_sign_up_takes_the_longer_form_and_log_in_the_shorter() -> None:
    page = read_page(LOGIN + SIGNUP)
    signup, login = signup_form(page), login_form(page)
    assert signup is not None
    assert login is not None
    assert (signup.action, login.action) == ("/join", "/login")


@pytest.mark.parametrize("html", ["", "<div id=root></div>", "<form><input type=password name=p></form>"])
def test_a_page_without_a_posted_password_has_no_form(html: str) -> None:
    assert signup_form(read_page(html)) is None


def test_the_request_names_its_page_as_its_origin_and_shows_no_password() -> None:
    page = read_page(LOGIN)
    form = login_form(page)
    assert form is not None
    sent = submission(form, page, URL, MAYA)
    assert sent.url == "https://app.example.com/login"
    assert dict(sent.headers) == {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": "https://app.example.com",
        "Referer": "https://app.example.com/signup",
    }
    assert parse_qsl(sent.body.decode()) == [("email", MAYA.email), ("p", "a-password")]
    assert "a-password" not in repr(sent)
    assert "a-password" not in repr(MAYA)


def test_a_form_without_an_action_goes_to_its_own_page() -> None:
    page = read_page("<form method=post><input type=password name=p></form>")
    form = login_form(page)
    assert form is not None
    assert submission(form, page, URL, MAYA).url == URL


def test_a_confirmation_is_one_button_with_a_key() -> None:
    key = "<input type=hidden name=token value=0123456789abcdef>"
    log_out = "<form method=post action=/logout><button>Log out</button></form>"
    page = read_page(f"{log_out}<form method=post action=/verify>{key}<button>Confirm</button></form>")
    form = confirmation_form(page)
    assert form is not None
    assert form.action == "/verify"
    assert confirmation_form(read_page(f"<form method=post>{key}<input name=email></form>")) is None
    assert confirmation_form(read_page(log_out)) is None
