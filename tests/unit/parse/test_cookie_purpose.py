"""Names of cookies from the manuals of those who set them."""

import pytest

from launchready.parse.cookie_purpose import CookiePurpose, purpose_of


@pytest.mark.parametrize(
    ("purpose", "names"),
    [
        (CookiePurpose.SESSION, "session sessionid session_id SID connect.sid PHPSESSID JSESSIONID ASP.NET_SessionId"),
        (CookiePurpose.SESSION, "_brightpath_session laravel_session __Host-session access_token authToken jwt"),
        (CookiePurpose.SESSION, "next-auth.session-token __Secure-next-auth.session-token wordpress_logged_in_0af3"),
        (CookiePurpose.FORM_KEY, "csrftoken XSRF-TOKEN _csrf __Host-csrf"),
        (CookiePurpose.EDGE, "__cf_bm _cfuvid cf_clearance"),
        (CookiePurpose.MEASURING, "_ga _ga_ABC _gid _hjSession_1 _fbp ai_session ARRAffinity AWSALBCORS"),
        (CookiePurpose.UNKNOWN, "theme lang remember __stripe_sid sb-abc-auth-token sessionless"),
    ],
)
def test_a_name_tells_what_the_cookie_is_for(purpose: CookiePurpose, names: str) -> None:
    assert {name: purpose_of(name) for name in names.split()} == dict.fromkeys(names.split(), purpose)
