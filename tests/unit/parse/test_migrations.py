"""Migrations that the former release likely can't live with."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready.parse.migrations import MAX_MIGRATION_CHARS, is_migration, one_way_steps

SQL = "migrations/0002_x.sql"
ALEMBIC = "alembic/versions/1a2b_x.py"
DJANGO = "shop/migrations/0002_x.py"
RAILS = "db/migrate/20260101_x.rb"


def said(path: str, text: str) -> list[tuple[int, str]]:
    return [(step.line, step.what) for step in one_way_steps(path, text)]


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DROP TABLE leads;", "drops table leads"),
        ("drop table if exists public.leads", "drops table public.leads"),
        ('ALTER TABLE "leads" DROP COLUMN "name";', "drops the column name"),
        ("ALTER TABLE leads RENAME COLUMN name TO full_name;", "renames name to full_name"),
        ("ALTER TABLE leads RENAME TO contacts;", "renames leads to contacts"),
        ("ALTER TABLE leads ALTER COLUMN name SET NOT NULL;", "requires the column name"),
        ("ALTER TABLE leads ADD COLUMN age int NOT NULL;", "adds the required column age without a default"),
        ("TRUNCATE TABLE leads;", "empties leads"),
    ],
)
def test_sql_that_takes_something_away_is_named(sql: str, what: str) -> None:
    assert (1, what) in said(SQL, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE leads (id int NOT NULL);",
        "ALTER TABLE leads ADD COLUMN age int;",
        "ALTER TABLE leads ADD COLUMN age int NOT NULL DEFAULT 0;",
        "ALTER TABLE leads ADD COLUMN age int DEFAULT 0 NOT NULL;",
        "-- DROP TABLE leads\nCREATE INDEX i ON leads (id);",
        "/* DROP TABLE leads; */ SELECT 1;",
        "INSERT INTO notes VALUES ('DROP TABLE leads');",
        "CREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;",
        "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;",
        "DROP INDEX i;",
        "-- launchready: reversible\nDROP TABLE leads_old;",
    ],
)
def test_sql_that_only_adds_says_nothing(sql: str) -> None:
    assert said(SQL, sql) == []


def test_the_line_is_the_one_of_the_file() -> None:
    assert said(SQL, "-- first\n/* two\nthree */\nDROP TABLE a;\n") == [(4, "drops table a")]
    assert said(SQL, "-- +goose Down\nDROP TABLE b;\n-- +goose Up\nDROP TABLE a;") == [(4, "drops table a")]


def test_alembic_is_read_in_its_way_forward_only() -> None:
    text = (
        "def upgrade():\n"
        "    op.drop_column('leads', 'name')\n"
        "    op.alter_column('leads', 'age', nullable=False)\n"
        "    op.alter_column('leads', 'age', new_column_name='years')\n"
        "    op.execute(sa.text('DROP TABLE old'))\n"
        "    op.add_column('leads', sa.Column('x'))\n"
        "def downgrade():\n"
        "    op.drop_table('leads')\n"
    )
    assert said(ALEMBIC, text) == [
        (2, "drops a column of leads"),
        (3, "requires a column of leads"),
        (4, "renames a column of leads"),
        (5, "drops table old"),
    ]


def test_django_operations_are_read() -> None:
    text = (
        "class Migration(migrations.Migration):\n"
        "    operations = [\n"
        "        migrations.RemoveField(model_name='lead', name='phone'),\n"
        "        migrations.DeleteModel(name='Old'),\n"
        "        migrations.AddField('lead', 'age', models.IntegerField(null=True)),\n"
        "        migrations.AddField(model_name='lead', name='a', field=models.IntegerField(default=0)),\n"
        "        migrations.AddField(model_name='lead', name='b', field=models.IntegerField(db_default=0)),\n"
        "        migrations.AddField(model_name='lead', name='c', field=models.ManyToManyField('x')),\n"
        "        migrations.CreateModel(name='New', fields=[]),\n"
        "    ]\n"
    )
    assert [line for line, _ in said(DJANGO, text)] == [3, 4, 6]


def test_rails_is_read_in_its_way_forward_only() -> None:
    text = (
        "def up\n  remove_column :leads, :name\n  change_column_null :leads, :age, false\nend\n"
        "def down\n  drop_table :a\nend\n"
    )
    assert said(RAILS, text) == [(2, "remove_column :leads, :name"), (3, "change_column_null :leads, :age, false")]


def test_what_can_not_be_read_is_said_and_not_taken_for_harmless() -> None:
    assert said(ALEMBIC, "def (") == [(1, "is no Python that this version reads, and was not looked into")]
    assert "was not read" in said(SQL, "x" * (MAX_MIGRATION_CHARS + 1))[0][1]
    assert said(SQL, "x" * MAX_MIGRATION_CHARS) == []


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (SQL, True), (ALEMBIC, True), (DJANGO, True), (RAILS, True), ("prisma/migrations/1_a/migration.sql", True),
        ("drizzle/0001_a.sql", True), ("migrations/__init__.py", False), ("app/models.py", False),
        ("schema.sql", False),
        ("migrations/0001.down.sql", False), ("migrations/README.md", False),
    ],
)  # fmt: skip
def test_migrations_are_known_by_their_folder(path: str, is_one: bool) -> None:
    assert is_migration(path) is is_one


@given(st.sampled_from((SQL, ALEMBIC, DJANGO, RAILS)), st.text(max_size=300))
def test_any_text_is_read(path: str, text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    assert all(step.path == path and 1 <= step.line <= lines + 1 and step.what for step in one_way_steps(path, text))


@pytest.mark.parametrize("piece", ["/*", "'", "--", "add column x ", "rename a ", "\n", "drop table "])
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (MAX_MIGRATION_CHARS // len(piece))
    started = time.perf_counter()
    one_way_steps(SQL, text)
    one_way_steps(RAILS, text)
    assert time.perf_counter() - started < 5.0
