"""Many certificates at once: photos, PDFs and lists are judged in the browser and sent nowhere."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page

from api.certificate_documents import sheet_of
from certificates import qr
from certificates.drawing import draw_png
from projections.certificate_register import RegisteredCertificate
from tests import browsing
from tests.api.certificates.answering import answered_by
from tests.api.certificates.conftest import ORIGIN, Office

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


@pytest.fixture(scope="module")
def chromium() -> Iterator[BrowserContext]:
    with browsing.chromium() as browser:
        yield browser.new_context(locale="zh-CN", service_workers="block")


@pytest.fixture
def page(office: Office, chromium: BrowserContext) -> Iterator[Page]:
    chromium.unroute_all()
    page = answered_by(office.browser(), chromium).new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.clock.set_fixed_time(office.clock.at)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{ORIGIN}/verify/batch")
    yield page
    page.close()
    assert said == []


def checked(page: Page, *files: tuple[str, bytes], pasted: str = "") -> list[list[str]]:
    """Bring the files and lines, press, and give the rows of the table."""
    brought: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ]
    page.set_input_files("#files", brought)
    page.fill("#lines", pasted)
    page.click("#check")
    page.wait_for_selector("#batch[data-done]")
    rows: list[list[str]] = page.locator("#rows").evaluate(
        "rows => [...rows.children].map(row => [...row.children].map(cell => cell.textContent))"
    )
    return rows


def photo(*texts: str, side: int = 340) -> bytes:
    """A picture with the codes side by side, seven in a row."""
    across = min(len(texts), 7)
    sheet = Image.new("L", (side * across, side * -(-len(texts) // across)), 255)
    for place, text in enumerate(texts):
        rows = qr.matrix(text)
        code = Image.new("1", (len(rows), len(rows)))
        code.putdata([not module for row in rows for module in row])
        code = code.resize((4 * len(rows), 4 * len(rows)))
        sheet.paste(code, (place % across * side + 40, place // across * side + 40))
    return as_file(sheet, "PNG")


def as_file(picture: Image.Image, form: str) -> bytes:
    file = BytesIO()
    picture.save(file, form)
    return file.getvalue()


def codes(office: Office) -> dict[str, str]:
    """The texts behind the codes of a completion that stands and a star that was revoked."""
    valid, star = office.issued(), office.issued("star_level")
    address = f"/staff/certificates/{star.number}/revocation"
    office.head.post(address, data={"reason": "wrong_person"})
    office.officer.post(f"{address}/confirm", data={"reason": "wrong_person"})
    return {each.number: sheet_of(office.runtime, each).qr_text for each in (valid, star)}


def scanned(office: Office, certificate: RegisteredCertificate) -> bytes:
    """What a scanner makes of the paper: a PDF with one JPEG."""
    sheet = sheet_of(office.runtime, certificate)
    (picture,) = draw_png(sheet.snapshot, sheet.qr_text, sheet.check_code)
    return as_file(Image.open(BytesIO(picture)).convert("RGB"), "PDF")


def test_photos_and_pdfs_are_judged_here_and_nothing_of_them_is_sent(
    office: Office, page: Page
) -> None:
    links = codes(office)
    (valid, good), (star, revoked) = links.items()
    forged = f"{good[:-30]}{(int(good[-30]) + 1) % 10}{good[-29:]}"
    sent: list[tuple[str, str]] = []
    page.on("request", lambda request: sent.append((request.method, request.url)))
    rows = checked(
        page,
        ("合影.png", photo(good, revoked, forged, "https://evil.example/c#1")),
        ("电子版.pdf", office.pdf(valid)),
        ("扫描件.pdf", scanned(office, office.issued())),
    )
    states = {(row[0].partition(" ")[0], row[1], row[2]) for row in rows}
    assert states == {
        ("合影.png", "证书有效", valid),
        ("合影.png", "证书已撤销", star),
        ("合影.png", "伪造证书", ""),
        ("合影.png", "没有核验", ""),
        ("电子版.pdf", "证书有效", valid),
        ("扫描件.pdf", "证书有效", valid),
    }
    assert "evil.example" in next(row[9] for row in rows if row[1] == "没有核验")
    assert {method for method, _ in sent} == {"GET"}
    asked = " ".join(url for _, url in sent)
    assert "/c/keys.json" in asked
    assert valid not in asked
    assert not [part for part in (good[60:80], revoked[60:80], forged[60:80]) if part in asked]
    assert_fits(page, 320, 390, 1280)


def assert_fits(page: Page, *widths: int) -> None:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"batch-{width}.png", full_page=True)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    return file.getvalue()


def renewed(office: Office) -> tuple[str, str]:
    """The number of a certificate that was lost, and of the one in its place."""
    number = office.issued().number
    office.head.post(f"/staff/certificates/{number}/reissue", data={"reason": "lost"})
    lost = office.runtime.models.certificates.by_number(number)
    assert lost is not None
    assert lost.successor_number is not None
    return number, lost.successor_number


def test_lists_are_asked_for_row_by_row(office: Office, page: Page) -> None:
    number, newer = renewed(office)
    code, newer_code = office.code(number), office.code(newer)
    district, year, serial, digit = newer.split("-")
    rows: list[list[object]] = [
        ["姓名", "证书编号", None, "验证码"],
        ["（示例）GONZALEZ", number, None, code],
        ["（示例）李四", f"穗家结〔{year}〕{district}-{serial}-{digit}", None, newer_code.lower()],
        ["（示例）王五", number, None, "0000-0000"],
        ["（示例）吴十", number, None, "zgft-hjhh"],
        ["（示例）郑一", number, None, "ZGFTHJHH"],
        ["（示例）赵六", newer[:-1] + str((int(digit) + 4) % 10), None, code],
        ["（示例）钱七", number, None, None],
        ["（示例）孙八", 4.4010420260000012e17, None, code],
        ["（示例）周九", "没有", None, None],
    ]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found = [(row[1], row[9]) for row in checked(page, ("名单.xlsx", workbook(rows)))]
    assert [state for state, _ in found] == [
        "证书已换发", "证书有效", *["查无此证"] * 3, *["没有核验"] * 4,
    ]  # fmt: skip
    words = (newer, "", *["伪造"] * 3, "编号输错", "缺验证码", "近似值", "没有证书编号")
    for said, word in zip(found, words, strict=True):
        assert word in said[1]
    assert not [url for url in asked if "GONZALEZ" in url or "%" in url]


def test_the_results_come_as_a_workbook(office: Office, page: Page) -> None:
    number, newer = renewed(office)
    old = office.runtime.models.certificates.by_number(number)
    assert old is not None
    pasted = f"Mary-Jane {newer} {office.code(newer)}\n{sheet_of(office.runtime, old).qr_text}\n"
    lists = workbook([[number, office.code(number)], [number, "0000-0000"]])
    rows = checked(page, ("=名单.xlsx", lists), pasted=pasted)
    assert [row[1] for row in rows] == ["证书已换发", "证书有效", "证书已换发", "查无此证"]
    with page.expect_download() as coming:
        page.click("#download")
    kept = load_workbook(BytesIO(coming.value.path().read_bytes())).active
    assert kept is not None
    lines = [["" if cell is None else cell for cell in line] for line in kept.values]
    assert lines[0][:3] == ["来源", "结果", "证书编号"]
    assert lines[2][1:8] == ["证书有效", newer, *rows[1][3:6], 2, rows[1][7]]
    assert [str(line[0])[:2] for line in lines[3:]] == ["'=", "'="]
    assert {cell.data_type for line in kept.iter_rows() for cell in line} <= {"s", "n", "inlineStr"}


def test_what_cannot_be_read_says_so_and_the_rest_is_judged(office: Office, page: Page) -> None:
    good = sheet_of(office.runtime, office.issued()).qr_text
    blank = Image.new("RGB", (300, 300), "white")
    many = "\n".join(f"440104-2026-{serial:07d}-1,ABCD-0000" for serial in range(201))
    rows = checked(
        page,
        ("空白.png", as_file(blank, "PNG")),
        ("空白.pdf", as_file(blank, "PDF")),
        ("手机.heic", HEIC),
        ("旧.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("坏.xlsx", b"PK\x03\x04" + bytes(60)),
        ("别的.csv", "姓名,班级\n（示例）甲,一班\n".encode("gb18030")),
        ("太多.csv", many.encode()),
        ("全班.png", photo(*[good] * 60)),
    )
    said = {row[0]: (row[1], row[9]) for row in rows}
    assert len(said) == 7 + 60
    for name, word in {
        "空白.png": "没有读到二维码", "空白.pdf": "拍一张照片", "手机.heic": "打不开",
        "旧.xls": "XLSX", "坏.xlsx": "打不开", "别的.csv": "没有证书编号", "太多.csv": "201",
    }.items():  # fmt: skip
        assert said[name][0] == "没有核验"
        assert word in said[name][1]
    assert {said[f"全班.png #{place}"][0] for place in range(1, 61)} == {"证书有效"}


def test_without_a_network_it_says_so_and_reads_once_there_is_one(
    office: Office, page: Page
) -> None:
    certificate = office.issued()
    files = (
        ("照片.png", photo(sheet_of(office.runtime, certificate).qr_text)),
        ("扫描件.pdf", scanned(office, certificate)),
    )
    page.route("**/zxing*", lambda route: route.abort())
    assert [row[9] for row in checked(page, *files)] == ["没有网络，还没有查。"] * 2
    page.unroute("**/zxing*")
    assert [row[1] for row in checked(page, *files)] == ["证书有效"] * 2


def test_whoever_guesses_is_told_to_wait_and_may_ask_again(office: Office, page: Page) -> None:
    number = office.issued().number
    lines = "\n".join(f"{number},0000-{guess:04d}" for guess in range(70))
    rows = checked(page, pasted=lines + f"\n{number},{office.code(number)}")
    assert [row[1] for row in rows].count("查无此证") == 60
    assert "过十分钟" in rows[-1][9] or rows[-1][1] == "没有核验"
    office.clock.move_to(office.clock.at.replace(hour=office.clock.at.hour + 1))
    page.click("#again")
    page.wait_for_selector("#batch[data-done]")
    assert page.locator("#rows tr").last.locator("td").nth(1).inner_text() == "证书有效"
