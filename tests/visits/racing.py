"""Several people at the same moment, each on a database connection of their own."""

from threading import Barrier, Thread

from django.db import connection

from tests.visits.factories import TEN


def at_once(people, act):
    """Run `act(one)` for all at the same moment, each on a connection whose clock says ten."""
    start, answers = Barrier(len(people)), []

    def go(one):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('zoufang.now', %s, false)", [TEN.isoformat()])
            start.wait()
            answers.append(act(one))
        except Exception as refused:  # noqa: BLE001 - every answer counts
            answers.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
