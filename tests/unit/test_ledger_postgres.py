"""The same ledger in PostgreSQL, tried for real: a cluster of its own in a temporary folder, on loopback."""

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from test_ledger_numbers import CELLS, OPEN, measure, run_once, write_over
from test_ledger_store import ROWS, STAMP, decide_at_once, lines, merge

from pipeline.ledger import Outcome, RunInProgressError, Stamp, open_ledger
from pipeline.matching.normal import normal_form
from pipeline.tables import PROBLEMS

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
_OTHERS = ("postgres", "nobody")


def _user():
    """Whom the server runs as: it refuses root."""
    if os.name != "posix" or os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in _OTHERS if name in names), "")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a fresh server, without the database's name."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (sandan[postgres])")
    initdb = shutil.which("initdb") or (str(_BINARIES[-1]) if _BINARIES else "")
    if not initdb:
        pytest.skip("PostgreSQL's server is not installed")
    user = _user()
    if user == "":
        pytest.skip("PostgreSQL does not run as root, and there is no other user")
    base = Path("/tmp") if user else tmp_path_factory.mktemp("pg")  # pytest's own folder is closed to other users
    folder = Path(subprocess.check_output(["mktemp", "-d", str(base / "sandan-pg-XXXXXX")], text=True).strip())
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    quiet = {"check": True, "capture_output": True, "cwd": folder, **as_user}
    control = str(Path(initdb).with_name("pg_ctl"))
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        subprocess.run([initdb, "-D", data, "-U", "sandan", "-A", "trust", "-E", "UTF8", "--locale=C"], **quiet)
        start = [control, "-D", data, "-o", options, "-l", folder / "log", "-w", "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_user)
        yield f"postgresql://sandan@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [control, "-D", data, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder, **as_user
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server, request):
    """A database of its own."""
    name = f"t{abs(hash(request.node.name))}"
    engine = sa.create_engine(
        f"{server.replace('postgresql', 'postgresql+psycopg')}/postgres", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"create database {name}"))
    engine.dispose()
    return f"{server}/{name}"


def opened(url, stamp=STAMP):
    return open_ledger(Path("unused"), url, stamp, normal_form)


def test_a_project_s_ledger_in_postgresql(url):
    with opened(url) as ledger:
        assert merge(ledger).numbers == ("WT-001", "WT-002", "WT-003")
        ledger.decide("problems", lines(ledger, "A", "A", "单列"), "page", op="1")
        assert [one.same for one in ledger.constraints_for("problems")] == [True, False, False]
        ledger.revoke("JD-001", "page", op="2")
        ledger.undo("2")
    with opened(url) as ledger:
        assert merge(ledger, [ROWS[0], ROWS[2]]).numbers == ("WT-001", "WT-003")
        assert [record.text for record in ledger.log("WT-002")][-1] == "来源行都不在了，停用"


def test_texts_may_be_longer_than_an_index_takes(url):
    long = measure(1, "县教育局", "落实制度", "".join(chr(0x4E00 + n * 7 % 20000) for n in range(6000)))
    with opened(url) as ledger:
        run_once(ledger, [long])
        assert run_once(ledger, [long])[1].numbers == ("CS-001",)


def test_status_and_closing_are_not_inherited_there_either(url):
    with opened(url) as ledger:
        run_once(ledger, [OPEN])
        write_over(ledger)
        new = measure(1, "县教育局", "落实巡查制度", "每周组织集中巡查，主要负责同志带头讲党课。")
        _, numbered, edits = run_once(ledger, [new])
        assert numbered.numbers == ("CS-001",)
        assert len(edits) == len(CELLS) - 2


def test_a_page_judges_while_a_run_works(url):
    with opened(url) as ledger:
        merge(ledger)
        with ledger.run() as run:
            with opened(url, Stamp("2022-07-15T10:00:00", "王五")) as page:
                page.decide("problems", lines(page, "A", "A"), "page")
                with pytest.raises(RunInProgressError), page.run():
                    pass
            run.carry(PROBLEMS, ROWS)
            run.number(PROBLEMS, [[one] for one in ROWS])
            run.remember(Outcome({}, {}))
            run.commit({})
        assert len(ledger.judgements()) == 1


def test_several_pages_at_once_lose_nothing(url):
    assert sorted(decide_at_once(lambda: opened(url))) == [f"JD-{n:03d}" for n in range(1, 33)]


def test_version_1_in_postgresql_is_migrated(url):
    old = sa.MetaData()
    source = sa.create_engine(
        sa.URL.create("sqlite", database=str(Path(__file__).parents[1] / "data/ledger-v1/台账.db"))
    )
    target = sa.create_engine(url.replace("postgresql", "postgresql+psycopg"))
    old.reflect(source)
    old.create_all(target)
    with source.connect() as one, target.begin() as two:
        for table in old.sorted_tables:
            rows = [dict(row) for row in one.execute(sa.select(table)).mappings()]
            if rows:
                two.execute(table.insert(), rows)
    source.dispose()
    target.dispose()
    with opened(url) as ledger:
        assert [one.number for one in ledger.judgements()] == ["JD-001", "JD-002"]
        assert len(ledger.log()) == 45
        merge(ledger)
