import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Case, Customer
from tests.accounts.factories import BranchFactory
from tests.accounts.feed_files import account_row, customer_row, write_feed

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, english):
    BranchFactory(code="BT")
    write_feed(tmp_path, customers=[customer_row(), customer_row("C2", name="")], accounts=[account_row()])

    def run(*arguments):
        said = io.StringIO()
        call_command("import_feed", str(tmp_path), "--as-of", "2026-11-20", *arguments, stdout=said)
        return said.getvalue()

    return run


def test_the_command_says_in_words_what_it_did(run, capsys):
    said = run()

    assert "customers.csv: 2 rows, 1 new, 0 changed, 0 as before, 1 rejected, 0 fields left out." in said
    assert "Cases: 1 opened" in said
    assert "customers.csv: 100%" in capsys.readouterr().err
    assert (Customer.objects.count(), Case.objects.count()) == (1, 1)


def test_the_same_files_again_are_said_to_change_nothing(run):
    run()

    assert "Nothing changed." in run()


def test_a_refusal_is_an_error_of_one_sentence(run):
    with pytest.raises(CommandError, match="small letters"):
        run("--source", "CORE")
