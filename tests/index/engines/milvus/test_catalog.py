from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.engines.milvus.catalog import catalog_texts, read_catalog
from index.engines.milvus.client import MAX_TEXT_BYTES
from index.search.browsing import ArticleRow

LIST = [
    ArticleRow(key, f"2024-03-{key % 28 + 1:02}", f"Outlet {key % 7}", "en", None)
    for key in range(1, 2501)
]

texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
rows = st.builds(ArticleRow, st.integers(1, 5000), texts.map(lambda text: text and text[:10]),
                 texts, texts, texts)  # fmt: skip


@given(st.lists(rows, unique_by=lambda row: row.key))
def test_a_list_comes_back_from_its_texts_by_key(listed: list[ArticleRow]) -> None:
    kept = catalog_texts(listed)
    assert read_catalog(list(kept), kept) == sorted(listed, key=lambda row: row.key)


def test_no_text_is_longer_than_milvus_takes() -> None:
    long = [replace(row, source=f"Ø\u2028{row.key}" * 100) for row in LIST]
    kept = catalog_texts(long)
    assert len(kept) > 3 and max(len(text.encode()) for text in kept.values()) <= MAX_TEXT_BYTES
    assert read_catalog(list(kept), kept) == long


def test_only_the_texts_near_a_change_are_other_ones() -> None:
    before = catalog_texts(LIST)
    added = catalog_texts([*LIST, ArticleRow(2501, "2025-01-01", "Outlet 1", "en", None)])
    removed = catalog_texts(LIST[:1500] + LIST[1501:])
    for after, block in ((added, "2"), (removed, "1")):
        assert {name.split("/")[1] for name in after.keys() - before.keys()} == {block}
        assert len(after) == len(before) == 3


def test_a_time_of_the_day_and_an_empty_name_are_not_kept() -> None:
    stated = ArticleRow(1, "2024-03-05T10:00:00Z", "", None, "2999-01-01T00:00:00Z")
    kept = catalog_texts([stated])
    assert read_catalog(list(kept), kept) == [replace(stated, published="2024-03-05", source=None)]


def test_a_list_that_lacks_a_text_or_has_another_is_none() -> None:
    kept = catalog_texts(LIST)
    names = list(kept)
    assert read_catalog(names, kept | {names[1]: kept[names[0]]}) is None
    assert read_catalog(names, {name: kept[name] for name in names[1:]}) is None
    assert read_catalog([], {}) == []
