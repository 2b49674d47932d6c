"""Signing in with another service: against a real local provider, and against one that forges."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from enrol_service.database import open_database
from enrol_service.holder import Holder
from enrol_service.links import Signer
from enrol_service.school.openid import values_of
from enrol_service.school.provider import Provider
from enrol_service.service import Service
from enrol_service.settings import Settings
from enrol_service.tables import identity, staff_session
from tests.enrol_service.apps import app_over
from tests.enrol_service.cast import ANNA, CAMILLA, SARI, Office
from tests.enrol_service.conftest import Post, Watch
from tests.enrol_service.reader import Reader
from tests.enrol_service.school.openid_provider import CLIENT, Forger, allow, forging_provider, real_provider

SARI_ELSEWHERE = {"sub": "mpass-1", "given_name": "Sari", "family_name": "Kivi", "email": SARI, "urn:mpass.id:role": "opettaja;hallinto"}
STUDENT_ELSEWHERE = {"sub": "mpass-2", "name": "Olli Oppilas", "email": ANNA, "urn:mpass.id:role": ["oppilas"]}
LIAR = {"sub": "mpass-3", "name": "Valle Valehtelija", "email": ANNA, "email_verified": True, "urn:mpass.id:role": "opettaja"}
STAFF_ALONE = {"urn:mpass.id:role": frozenset({"opettaja", "henkilöstö"})}


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with real_provider(SARI_ELSEWHERE, STUDENT_ELSEWHERE, LIAR) as issuer:
        yield issuer


@pytest.fixture
def watch() -> Watch:
    """The real clock, standing still: a provider's tokens are of now."""
    return Watch(datetime.now(UTC))


@pytest.fixture
def forger(watch: Watch) -> Iterator[Forger]:
    with forging_provider(int(watch.now.timestamp())) as found:
        yield found


def provider(issuer: str, **changed: object) -> Provider:
    values: dict[str, object] = {
        "id": "mpassid",
        "label": {"fi": "Kirjaudu MPASSid-tunnuksella", "sv": "Logga in med MPASSid"},
        "issuer": issuer,
        "client_id": CLIENT,
        "client_secret": "a secret",
        "scope": "openid profile email",
    }
    return Provider(**{**values, **changed})  # type: ignore[arg-type]


Apps = Callable[..., Flask]


@pytest.fixture
def made(settings: Settings, watch: Watch, holder: Holder) -> Iterator[Apps]:
    """Makes the application with these providers."""
    opened: list[Service] = []

    def make(*providers: Provider, **changed: object) -> Flask:
        wanted = dataclasses.replace(settings, openid=providers, **changed)  # type: ignore[arg-type]
        opened.append(Service(wanted, open_database(wanted.database_url), holder, Signer(wanted.secret), watch))
        return app_over(opened[-1])

    yield make
    for one in opened:
        one.database.close()


def begin(reader: Reader, language: str = "") -> str:
    """Press the button; where the browser is sent."""
    answer = reader.client.get(f"{language}/staff/sign-in/with/mpassid")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def through(reader: Reader, subject: str) -> None:
    """Sign in at the real provider and come back."""
    reader.open(allow(begin(reader), subject))


def link(reader: Reader, post: Post, email: str) -> None:
    reader.press("Lähetä linkki", email=email)
    reader.open(post.link(email))
    reader.press("Liitä ja kirjaudu sisään")


def back(reader: Reader, forger: Forger) -> Reader:
    """Sign in at the forger and come back."""
    code, state = forger.code_for(begin(reader))
    reader.open(f"/staff/sign-in/callback?code={code}&state={state}")
    return reader


def is_signed_in(reader: Reader) -> bool:
    asked_by_script = {"Sec-Fetch-Dest": "empty"}  # so that it is not the page that was wanted
    return reader.client.get("/staff/me", headers=asked_by_script).status_code == 200


def test_the_sign_in_page_has_a_button_for_each_provider_and_none_without(made: Apps, app: Flask, mock: str) -> None:
    reader = Reader(made(provider(mock)))
    reader.open("/staff/sign-in")
    assert reader.says("Kirjaudu MPASSid-tunnuksella")
    reader.open("/sv/staff/sign-in")
    assert reader.says("Logga in med MPASSid")
    reader.open("/en/staff/sign-in")
    assert reader.says("Kirjaudu MPASSid-tunnuksella"), "its first label where it has none in the language"
    without = Reader(app)
    without.open("/staff/sign-in")
    assert without.soup.select_one("a[href*='/with/']") is None
    assert without.client.get("/staff/sign-in/with/mpassid").status_code == 404


def test_the_first_sign_in_asks_for_the_address_and_a_mail_proves_it_then_it_goes_straight(made: Apps, mock: str, post: Post) -> None:
    app = made(provider(mock, require=STAFF_ALONE))
    reader = Reader(app)
    through(reader, "mpass-1")
    assert reader.heading == "Liitä kirjautuminen tiliisi"
    assert reader.says("Sari Kivi")
    assert not is_signed_in(reader), "the address in the token gives nothing"
    link(reader, post, SARI)
    assert reader.heading == "Omat kurssit"
    reader.press("Kirjaudu ulos")
    assert not is_signed_in(reader)
    through(reader, "mpass-1")
    assert reader.heading == "Omat kurssit"
    reader.open("/staff/me")
    assert reader.says("Kirjaudu MPASSid-tunnuksella")


def test_an_address_in_a_token_gives_no_access(made: Apps, mock: str, post: Post) -> None:
    """Whoever can choose the address at some provider would else be whom they like."""
    reader = Reader(made(provider(mock)))
    through(reader, "mpass-3")
    assert reader.heading == "Liitä kirjautuminen tiliisi"
    reader.press("Lähetä linkki", email=ANNA)
    stranger = Reader(reader.app)
    stranger.open(post.link(ANNA))
    assert (stranger.status, stranger.says("Avaa linkki siinä selaimessa")) == (403, True)
    assert not is_signed_in(reader)


def test_whoever_opens_a_stranger_s_link_joins_nothing(made: Apps, mock: str, post: Post) -> None:
    """Anna gets a mail that she has not asked for, and presses everything that can be pressed."""
    app = made(provider(mock))
    liar, anna = Reader(app), Reader(app)
    through(liar, "mpass-3")
    liar.press("Lähetä linkki", email=ANNA)
    answer = anna.client.post(post.link(ANNA), headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    through(liar, "mpass-3")
    assert liar.heading == "Liitä kirjautuminen tiliisi"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(made: Apps, mock: str, post: Post, office: Office) -> None:
    reader = Reader(made(provider(mock)))
    through(reader, "mpass-1")
    reader.press("Lähetä linkki", email="nobody@kuusikko.example")
    unknown = reader.soup.get_text()
    assert post.mails("nobody@kuusikko.example") == []
    with office.database.read() as connection:
        assert connection.execute(identity.select()).all() == [], "nothing is kept of a stranger"
    reader.open("/staff/sign-in/link")
    reader.press("Lähetä linkki", email=SARI)
    assert reader.soup.get_text() == unknown


def test_an_address_that_is_none_comes_back_with_the_error(made: Apps, mock: str) -> None:
    reader = Reader(made(provider(mock)))
    through(reader, "mpass-1")
    reader.press("Lähetä linkki", email="sari")
    assert (reader.status, reader.says("Kirjoita koko sähköpostiosoite")) == (422, True)


def test_unlinking_ends_it(made: Apps, mock: str, post: Post) -> None:
    reader = Reader(made(provider(mock)))
    through(reader, "mpass-1")
    link(reader, post, SARI)
    reader.open("/staff/me")
    reader.press("Poista liitos")
    assert reader.says("Kirjautumisen liitos on poistettu")
    reader.press("Kirjaudu ulos")
    through(reader, "mpass-1")
    assert reader.heading == "Liitä kirjautuminen tiliisi"


def test_a_linked_sign_in_cannot_be_linked_to_another_address(made: Apps, mock: str, post: Post) -> None:
    app = made(provider(mock))
    reader = Reader(app)
    through(reader, "mpass-1")
    reader.press("Lähetä linkki", email=SARI)
    first = post.link(SARI)
    reader.open("/staff/sign-in/link")
    reader.press("Lähetä linkki", email=CAMILLA)
    second = post.link(CAMILLA)
    reader.open(first)
    waiting = reader.client.get_cookie("tarjotin-link")
    assert waiting is not None
    reader.press("Liitä ja kirjaudu sisään")
    reader.client.set_cookie("tarjotin-link", waiting.value)
    answer = reader.client.post(second, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 409


def test_a_sign_in_goes_on_in_the_language_in_which_it_began(made: Apps, mock: str) -> None:
    reader = Reader(made(provider(mock)))
    reader.open(allow(begin(reader, "/sv"), "mpass-1"))
    assert reader.address == "/sv/staff/sign-in/link"


def test_a_removed_person_is_not_let_in_by_a_linked_sign_in(made: Apps, mock: str, post: Post) -> None:
    app = made(provider(mock))
    reader = Reader(app)
    through(reader, "mpass-1")
    link(reader, post, SARI)
    anna = Reader(app)
    anna.open("/staff/sign-in")
    anna.press("Lähetä linkki", email=ANNA)
    anna.open(post.link(ANNA))
    anna.press("Kirjaudu sisään")
    anna.open("/staff/school")
    change = next(one for one in anna.soup.select("tr a") if "Sari" in str(one.get("aria-label")))
    anna.open(str(change["href"]))
    anna.follow("Poista")
    anna.press("Poista")
    assert not is_signed_in(reader)
    through(reader, "mpass-1")
    assert (reader.status, reader.says("Osoitteesi ei ole enää minkään oppilaitoksen")) == (403, True)


def test_a_claim_that_must_have_a_value_keeps_others_out(made: Apps, mock: str) -> None:
    reader = Reader(made(provider(mock, require=STAFF_ALONE)))
    through(reader, "mpass-2")
    assert (reader.status, reader.says("ei kuulu oppilaitoksen henkilökunnalle")) == (403, True)
    reader.open("/staff/sign-in/link")
    assert reader.status == 400


def test_whoever_refuses_at_the_provider_is_told_so(made: Apps, mock: str) -> None:
    reader = Reader(made(provider(mock)))
    state = parse_qs(urlsplit(begin(reader)).query)["state"][0]
    reader.open(f"/staff/sign-in/callback?error=access_denied&error_description=x&state={state}")
    assert (reader.status, reader.says("Toinen palvelu ei kirjannut sinua sisään")) == (403, True)


@pytest.mark.parametrize(
    "query", ["", "code=x", "code=x&state=", "code=x&state=wrong", "code=x&state=%C3%A4", "state=x", "code=x&state=ä&state=b"]
)
def test_a_state_that_is_not_this_browser_s_leads_nowhere(made: Apps, mock: str, query: str) -> None:
    reader = Reader(made(provider(mock)))
    begin(reader)
    reader.open(f"/staff/sign-in/callback?{query}")
    assert (reader.status, reader.heading) == (
        400,
        "Tämä kirjautuminen on jo käytetty tai se on vanhentunut. Aloita uudelleen kirjautumissivulta.",
    )


def test_a_callback_is_opened_once(made: Apps, mock: str, post: Post) -> None:
    reader = Reader(made(provider(mock)))
    address = allow(begin(reader), "mpass-1")
    kept = reader.client.get_cookie("tarjotin-sign-in")
    assert kept is not None
    reader.open(address)
    assert reader.heading == "Liitä kirjautuminen tiliisi"
    reader.open(address)
    assert reader.status == 400
    reader.client.set_cookie("tarjotin-sign-in", kept.value)
    reader.open(address)
    assert (reader.status, is_signed_in(reader)) == (400, False), "the provider takes a code once"


def test_another_browser_cannot_open_the_callback(made: Apps, mock: str) -> None:
    app = made(provider(mock))
    address = allow(begin(Reader(app)), "mpass-1")
    other = Reader(app)
    other.open(address)
    assert other.status == 400


def test_a_sign_in_that_was_begun_too_long_ago_is_over(made: Apps, mock: str, watch: Watch) -> None:
    reader = Reader(made(provider(mock)))
    address = allow(begin(reader), "mpass-1")
    watch.later(minutes=11)
    reader.open(address)
    assert reader.status == 400


@pytest.mark.parametrize("purpose", ["sign-in", "link"])
@pytest.mark.parametrize("value", ["", ".", "x.y", "eyJ9.aaaa", "ä.ö", "e30." + "0" * 64])
def test_a_cookie_that_is_not_ours_is_worth_nothing(made: Apps, mock: str, purpose: str, value: str) -> None:
    reader = Reader(made(provider(mock)))
    reader.client.set_cookie(f"tarjotin-{purpose}", value)
    reader.open("/staff/sign-in/callback?code=x&state=y" if purpose == "sign-in" else "/staff/sign-in/link")
    assert reader.status == 400


def test_one_sealed_cookie_is_not_another(made: Apps, mock: str) -> None:
    reader = Reader(made(provider(mock)))
    begin(reader)
    begun = reader.client.get_cookie("tarjotin-sign-in")
    assert begun is not None
    reader.client.set_cookie("tarjotin-link", begun.value)
    reader.open("/staff/sign-in/link")
    assert reader.status == 400


def test_by_https_the_cookies_are_bound_to_the_host(made: Apps, mock: str) -> None:
    app = made(provider(mock), service_url="https://tarjotin.example")
    answer = app.test_client().get("/staff/sign-in/with/mpassid", base_url="https://tarjotin.example")
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tarjotin-sign-in=")
    assert all(words in cookie for words in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"))
    assert "redirect_uri=https%3A%2F%2Ftarjotin.example%2Fstaff%2Fsign-in%2Fcallback" in answer.headers["Location"]


def test_the_forger_is_believed_when_it_does_not_forge(made: Apps, forger: Forger) -> None:
    reader = back(Reader(made(provider(forger.issuer))), forger)
    assert reader.heading == "Liitä kirjautuminen tiliisi"


@pytest.mark.parametrize(
    "forged",
    [
        {"change": {"nonce": "another"}},
        {"change": {"nonce": None}},
        {"change": {"iss": "http://127.0.0.1:1"}},
        {"change": {"iss": None}},
        {"change": {"aud": "another"}},
        {"change": {"aud": None}},
        {"change": {"aud": [CLIENT, "another"]}},
        {"change": {"aud": [CLIENT, "another"], "azp": "another"}},
        {"change": {"azp": "another"}},
        {"change": {"exp": None}},
        {"change": {"exp": 1}},
        {"change": {"exp": "soon"}},
        {"change": {"iat": None}},
        {"change": {"iat": 99999999999}},
        {"change": {"nbf": 99999999999}},
        {"change": {"sub": None}},
        {"change": {"sub": ""}},
        {"change": {"sub": "x" * 301}},
        {"change": {"sub": ["list"]}},
        {"signed_by": "foreign"},
        {"signed_by": "nobody"},
        {"signed_by": "secret"},
    ],
    ids=str,
)
def test_a_forged_token_signs_nobody_in(made: Apps, forger: Forger, forged: dict[str, object]) -> None:
    reader = Reader(made(provider(forger.issuer)))
    for name, value in forged.items():
        setattr(forger, name, value)
    back(reader, forger)
    assert (reader.status, reader.says("vastaukseen ei voi luottaa")) == (403, True)
    assert reader.client.get_cookie("tarjotin-link") is None


def test_a_token_that_has_just_expired_is_taken_within_a_minute(made: Apps, forger: Forger, watch: Watch) -> None:
    reader = Reader(made(provider(forger.issuer)))
    forger.change = {"exp": forger.now - 50}
    assert back(reader, forger).heading == "Liitä kirjautuminen tiliisi"
    forger.change = {"exp": forger.now - 70}
    assert back(reader, forger).status == 403


def test_a_token_for_several_readers_says_that_it_is_ours(made: Apps, forger: Forger) -> None:
    forger.change = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert back(Reader(made(provider(forger.issuer))), forger).heading == "Liitä kirjautuminen tiliisi"


def test_an_organisation_of_entra_has_an_issuer_of_its_own(made: Apps, forger: Forger, office: Office, post: Post) -> None:
    """Two organisations with the same subject are two people."""
    forger.told_issuer = forger.issuer + "/{tenantid}/v2.0"
    entra = provider(forger.issuer, tokens_from=forger.issuer + "/{tid}/v2.0")
    reader = Reader(made(entra))
    forger.change = {"iss": forger.issuer + "/tenant-1/v2.0", "tid": "tenant-1"}
    back(reader, forger)
    link(reader, post, SARI)
    assert is_signed_in(reader)
    other = Reader(reader.app)
    forger.change = {"iss": forger.issuer + "/tenant-2/v2.0", "tid": "tenant-2"}
    assert back(other, forger).heading == "Liitä kirjautuminen tiliisi"
    forger.change = {"iss": forger.issuer + "/tenant-1/v2.0", "tid": "tenant-2"}
    assert back(Reader(reader.app), forger).status == 403
    with office.database.read() as connection:
        assert [row.issuer for row in connection.execute(identity.select())] == [forger.issuer + "/tenant-1/v2.0"]


def test_a_provider_that_tells_of_another_issuer_is_not_asked(made: Apps, forger: Forger) -> None:
    forger.told_issuer = "https://evil.example"
    answer = made(provider(forger.issuer)).test_client().get("/staff/sign-in/with/mpassid")
    assert (answer.status_code, "palvelu ei vastaa" in answer.get_data(as_text=True)) == (503, True)


@pytest.mark.parametrize("issuer", ["https://evil.example", ""])
def test_an_answer_that_names_another_issuer_is_refused(made: Apps, forger: Forger, issuer: str) -> None:
    reader = Reader(made(provider(forger.issuer)))
    code, state = forger.code_for(begin(reader))
    reader.open(f"/staff/sign-in/callback?code={code}&state={state}&iss={issuer}")
    assert reader.status == 400
    assert "/token" not in forger.answers


def test_a_provider_that_is_away_is_said_and_mail_still_works(made: Apps, post: Post) -> None:
    reader = Reader(made(provider("http://127.0.0.1:1")))
    answer = reader.client.get("/staff/sign-in/with/mpassid")
    assert (answer.status_code, "palvelu ei vastaa" in answer.get_data(as_text=True)) == (503, True)
    reader.open("/staff/sign-in")
    reader.press("Lähetä linkki", email=SARI)
    reader.open(post.link(SARI))
    reader.press("Kirjaudu sisään")
    assert is_signed_in(reader)


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_provider_that_fails_on_the_way_is_said(made: Apps, forger: Forger, status: int) -> None:
    reader = Reader(made(provider(forger.issuer)))
    code, state = forger.code_for(begin(reader))
    forger.status = status
    reader.open(f"/staff/sign-in/callback?code={code}&state={state}")
    assert reader.status in (403, 503)
    assert reader.soup.h1 is not None
    assert not is_signed_in(reader)


def test_a_new_key_of_the_provider_is_fetched(made: Apps, forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    from joserfc.jwk import RSAKey

    reader = Reader(made(provider(forger.issuer)))
    back(reader, forger)
    monkeypatch.setattr("enrol_service.school.openid.KEYS_AGAIN_AFTER", 0)
    forger.own = RSAKey.generate_key(2048, {"kid": "newer"})
    monkeypatch.setattr(forger, "token", lambda code: _signed(forger, code))
    assert back(reader, forger).heading == "Liitä kirjautuminen tiliisi"
    assert forger.answers.count("/keys") == 2


def _signed(forger: Forger, code: str) -> str:
    from joserfc import jwt

    claims = {"iss": forger.issuer, "aud": CLIENT, "sub": "s", "nonce": forger.nonces[code], "iat": forger.now, "exp": forger.now + 300}
    return jwt.encode({"alg": "RS256", "kid": "newer"}, claims, forger.own)


def test_signing_in_ends_the_session_that_the_browser_had(made: Apps, mock: str, post: Post, office: Office) -> None:
    app = made(provider(mock))
    reader = Reader(app)
    through(reader, "mpass-1")
    link(reader, post, SARI)
    before = reader.client.get_cookie("tarjotin")
    through(reader, "mpass-1")
    after = reader.client.get_cookie("tarjotin")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with office.database.read() as connection:
        assert len(connection.execute(staff_session.select()).all()) == 1


def test_too_many_sign_ins_from_one_network_are_refused(made: Apps, mock: str) -> None:
    reader = Reader(made(provider(mock)))
    answers = [reader.client.get("/staff/sign-in/with/mpassid").status_code for _ in range(121)]
    assert answers == [303] * 120 + [429]
    assert reader.client.get("/staff/sign-in/callback?code=x&state=y").status_code == 400, "coming back counts for nothing"


def test_the_page_that_was_wanted_opens_after_a_sign_in_elsewhere(made: Apps, mock: str, post: Post) -> None:
    reader = Reader(made(provider(mock)))
    reader.open("/sv/staff/offerings?period=3")
    through(reader, "mpass-1")
    link(reader, post, SARI)
    assert reader.address == "/sv/staff/offerings?period=3", "by way of the mail that links both"
    reader.press("Logga ut")
    reader.open("/staff/me")
    assert reader.address == "/staff/sign-in"
    through(reader, "mpass-1")
    assert reader.address == "/staff/me"


def test_a_stranger_s_links_keep_nobody_from_linking_an_own_sign_in(made: Apps, mock: str, post: Post) -> None:
    app = made(provider(mock))
    liar, sari = Reader(app), Reader(app)
    through(liar, "mpass-3")
    for _ in range(6):
        liar.open("/staff/sign-in/link")
        liar.press("Lähetä linkki", email=SARI)
    assert len(post.mails(SARI)) == 4
    through(sari, "mpass-1")
    link(sari, post, SARI)
    assert is_signed_in(sari)


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ("opettaja", ("opettaja",)),
        ("opettaja; hallinto;", ("opettaja", "hallinto")),
        (["opettaja;hallinto", "muu"], ("opettaja", "hallinto", "muu")),
        (None, ()),
        ({"a": 1}, ()),
        ("", ()),
    ],
)
def test_a_claim_holds_one_value_or_several(told: object, values: tuple[str, ...]) -> None:
    assert values_of(told) == values
