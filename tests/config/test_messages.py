"""The Chinese catalogue, and the tool that keeps it complete."""

import re
from io import StringIO

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from config.management.commands.messages import CATALOGUE

THREATS = ("黑名单", "坐牢", "曝光", "老赖", "恶意欠款", "施压")
SAME_IN_CHINESE = {"SHA-256"}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


NAME_THEM = {
    "compliance/content_wording.py",
    "compliance/models/content.py",
}  # what text is looked through for


def _entries():
    return polib.pofile(str(settings.BASE_DIR / CATALOGUE))


def _chinese_texts(entries=None):
    for entry in _entries() if entries is None else entries:
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            yield entry.msgid, text


def _say(*args, **options):
    out = StringIO()
    call_command("messages", *args, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def elsewhere(settings, tmp_path):
    """An empty project, to be given sources of its own."""
    settings.BASE_DIR = tmp_path
    return tmp_path


def _write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _gathered(root):
    _say()
    return {entry.msgid: entry for entry in polib.pofile(str(root / CATALOGUE))}


def _translate(root, **chinese):
    path = root / CATALOGUE
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = chinese[entry.msgid.split()[0]]
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def test_every_string_of_the_project_is_in_chinese():
    assert "all in Chinese" in _say(check=True)


def test_nothing_in_chinese_threatens_anybody():
    spoken = [entry for entry in _entries() if not {file for file, _line in entry.occurrences} <= NAME_THEM]

    threats = [
        (source, text) for source, text in _chinese_texts(spoken) if any(word in text for word in THREATS)
    ]

    assert threats == []


def test_a_translation_is_chinese_and_not_the_english_again():
    english = [
        source
        for source, text in _chinese_texts()
        if not CHINESE.search(text) and source not in SAME_IN_CHINESE
    ]

    assert english == []


def test_a_full_sentence_ends_as_a_full_sentence():
    odd = [source for source, text in _chinese_texts() if source.endswith(".") != text.endswith("。")]

    assert odd == []


def test_people_read_the_compiled_catalogue():
    with translation.override("zh-hans"):
        assert translation.gettext("field agent") == "外勤人员"
        assert (
            translation.ngettext("%(count)d row done.", "%(count)d rows done.", 3) == "已处理 %(count)d 条。"
        )
    with translation.override("en"):
        assert translation.gettext("field agent") == "field agent"


def test_a_renamed_gettext_is_heard_too(elsewhere):
    _write(
        elsewhere,
        "risk/wording.py",
        "from django.utils.translation import gettext as said, pgettext as meant\n"
        "said('not known')\nmeant('person', 'name')\n",
    )

    found = _gathered(elsewhere)

    assert set(found) == {"not known", "name"}
    assert found["name"].msgctxt == "person"


def test_templates_are_read_however_they_are_indented(elsewhere):
    _write(
        elsewhere,
        "templates/page.html",
        '{% load i18n %}\n    {% translate "Deep" %}\n  {% translate "Less deep" %}\n'
        "{% blocktranslate trimmed count n=cases %}\n  {{ n }} case\n{% plural %}\n  {{ n }} cases\n{% endblocktranslate %}",
    )

    found = _gathered(elsewhere)

    assert set(found) == {"Deep", "Less deep", "%(n)s case"}
    assert found["%(n)s case"].msgid_plural == "%(n)s cases"


def test_the_check_names_what_is_missing(elsewhere):
    _write(elsewhere, "visits/life.py", "from django.utils.translation import gettext\ngettext('Go home.')\n")
    _gathered(elsewhere)

    with pytest.raises(CommandError, match=r"visits/life.py: 'Go home.' is not in Chinese"):
        _say(check=True)


def test_the_check_names_what_is_used_no_more(elsewhere):
    _write(elsewhere, "visits/life.py", "from django.utils.translation import gettext\ngettext('Go home.')\n")
    _gathered(elsewhere)
    _translate(elsewhere, Go="请回。")
    _write(elsewhere, "visits/life.py", "")

    with pytest.raises(CommandError, match="'Go home.' is translated but not used"):
        _say(check=True)


@pytest.mark.parametrize("chinese", ["还有两件", "还有 %(count)d 件", "还有 %(number)s 件"])
def test_the_check_finds_a_lost_placeholder(elsewhere, chinese):
    _write(
        elsewhere,
        "visits/life.py",
        "from django.utils.translation import gettext\ngettext('Still %(count)s to go')\n",
    )
    _gathered(elsewhere)
    _translate(elsewhere, Still=chinese)

    with pytest.raises(CommandError, match="a placeholder is lost"):
        _say(check=True)


def test_the_check_wants_the_compiled_file_of_this_very_catalogue(elsewhere):
    _write(elsewhere, "visits/life.py", "from django.utils.translation import gettext\ngettext('Go home.')\n")
    _gathered(elsewhere)
    _translate(elsewhere, Go="请回。")
    assert "all in Chinese" in _say(check=True)
    (elsewhere / CATALOGUE).with_suffix(".mo").write_bytes(b"")

    with pytest.raises(CommandError, match=r"django.mo is not what"):
        _say(check=True)
