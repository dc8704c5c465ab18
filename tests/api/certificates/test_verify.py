"""The public page and its JSON: one word for each state, and nothing for a wrong code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from certificates import number as numbers
from tests.api.certificates.conftest import Office
from tests.api.certificates.erasing import erase


def ask(office: Office, number: str, code: str, lang: str = "zh-CN") -> str:
    answer = office.browser().get("/verify", params={"number": number, "code": code, "lang": lang})
    return answer.text


def test_a_valid_certificate_shows_what_it_is_worth_and_whose_it_is_masked(office: Office) -> None:
    certificate = office.issued()
    page = ask(office, certificate.number, office.code(certificate.number))
    for fact in (
        "证书有效", "结业证书", "广州市越秀区示例小学家长学校", "2026学年", "2.0 学时",
        certificate.number, "2027-01-20", "长期", "不是职业资格",
    ):  # fmt: skip
        assert fact in page
    assert "（示例）陈建2" not in page
    assert certificate.rulebook_version is not None
    assert certificate.rulebook_version in page


def test_the_page_is_complete_in_english(office: Office) -> None:
    certificate = office.issued("star_level")
    page = ask(office, certificate.number, office.code(certificate.number), "en")
    for fact in ("Valid", "Star parent certificate", "Valid until", "2030-08-31"):
        assert fact in page


@pytest.mark.parametrize(
    ("lang", "advice"), [("zh-CN", "自己在浏览器里输入"), ("en", "type the address")]
)
def test_it_names_the_printed_address_and_warns_of_a_strangers_code(
    office: Office, lang: str, advice: str
) -> None:
    page = office.browser().get("/verify", params={"lang": lang}).text
    assert "127.0.0.1:8000" in page
    assert advice in page


def test_a_mistyped_digit_is_told_as_such(office: Office) -> None:
    number = office.issued().number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "末位校验码对不上" in ask(office, wrong, "ABCD-EFGH")
    assert "应有18位数字" in ask(office, "4401", "ABCD-EFGH")


def test_a_wrong_code_and_an_unknown_number_look_the_same(office: Office) -> None:
    known, unknown = office.issued().number, numbers.make("440104", 2026, 99)
    pages = [ask(office, number, "0000-0000") for number in (known, unknown)]
    assert all("查无此证" in page for page in pages)
    assert pages[0].replace(known, "") == pages[1].replace(unknown, "")


def test_looked_alike_letters_and_printed_numbers_are_read(office: Office) -> None:
    certificate = office.issued()
    code = office.code(certificate.number).lower().replace("0", "o").replace("-", " ")
    district, year, serial, check = certificate.number.split("-")
    printed = f"穗家结〔{year}〕{district}－{serial}－{check}"
    assert "证书有效" in ask(office, printed, code)


def test_guessing_codes_is_stopped(office: Office) -> None:
    number, browser = office.issued().number, office.browser()
    answers = [
        browser.get("/verify", params={"number": number, "code": "0000-0000"}).status_code
        for _ in range(61)
    ]
    assert answers[:60] == [200] * 60
    assert answers[60] == 429


def test_a_star_expires_with_the_stage(office: Office) -> None:
    certificate = office.issued("star_level")
    office.clock.move_to(datetime(2030, 8, 31, 15, 59, tzinfo=UTC))
    assert office.verified(certificate.number) == "证书有效"
    office.clock.move(timedelta(minutes=1))
    assert office.verified(certificate.number) == "证书已过期"


def test_the_name_is_the_same_or_not_and_five_tries_are_all(office: Office) -> None:
    number, browser = office.issued().number, office.browser()
    form = {"number": number, "code": office.code(number)}

    def compare(name: str) -> str:
        return browser.post("/verify/name", data={**form, "name": name}).text

    assert "姓名一致" in compare("(示例) 陈建2".replace(" ", ""))
    for _ in range(5):
        assert "姓名不一致" in compare("（示例）陈健2")
    last = browser.post("/verify/name", data={**form, "name": "（示例）陈建2"})
    assert last.status_code == 429
    office.clock.move(timedelta(minutes=13))
    assert "姓名一致" in compare("（示例）陈建2")


def test_an_erased_holder_leaves_a_withdrawn_certificate(office: Office) -> None:
    certificate = office.issued()
    erase(office.runtime, certificate.learner_id)
    page = ask(office, certificate.number, office.code(certificate.number))
    assert "证书已注销" in page
    assert office.head.get(f"/certificates/{certificate.number}.pdf").status_code == 409


def test_programs_get_the_same_answer(office: Office) -> None:
    number = office.issued().number
    browser = office.browser()
    answer = browser.get(f"/api/v1/certificates/{number}", params={"code": office.code(number)})
    body = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (body["state"], body["words"]) == ("valid", {"zh-CN": "证书有效", "en": "Valid"})
    assert (body["hours"], body["face_to_face_hours"], body["period"]) == (200, 200, "2026学年")
    assert "holder" in body
    assert "陈建2" not in answer.text


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [("digit", 400, "certificate_number_invalid"), ("code", 404, "certificate_unknown")],
)
def test_programs_are_told_what_is_wrong(
    office: Office, change: str, status: int, code: str
) -> None:
    number = office.issued().number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10) if change == "digit" else number
    answer = office.browser().get(f"/api/v1/certificates/{wrong}", params={"code": "0000-0000"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
