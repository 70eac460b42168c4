"""Passages by words: BM25 with tantivy, over stems made by `transcripts.sentences.content_words`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import tantivy

_HEAP = 15_000_000  # bytes, the least that tantivy's writer accepts

# A stem, or two that follow each other: "prêt participatif" says more than a "prêt" here and "participatif" there.
Term = tuple[str, ...]


def terms(stems: Sequence[str]) -> list[Term]:
    """Return each stem and each pair of neighbours, once. Pure."""
    return list(dict.fromkeys([*((stem,) for stem in stems), *pairwise(stems)]))


class WordStore:
    """A tantivy folder of passages; the stems of each talk's own language."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        # Deleting by a tokenised field fails (tantivy-py #297): identifiers are kept raw.
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("slug", stored=True, tokenizer_name="raw")
        builder.add_text_field("stems", tokenizer_name="whitespace")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def replace(self, slug: str, passages: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Make these (id, stems) the passages of a masterclass, whatever was there."""
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        writer.delete_documents_by_term("slug", slug)
        for place, stems in passages:
            writer.add_document(tantivy.Document(id=place, slug=slug, stems=" ".join(stems)))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def matching(
        self, stems: Sequence[str], limit: int, slugs: Sequence[str] | None = None
    ) -> dict[str, tuple[str, float]]:
        """Return the best passages with any of the stems as {id: (slug, BM25)}, best first; only those of ``slugs``.

        Two stems that follow each other in ``stems`` and in the passage count once more, as a term of their own.
        """
        if not stems:
            return {}
        any_stem = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._query(term)) for term in terms(stems)],
        )
        wanted = [(tantivy.Occur.Must, any_stem)]
        if slugs is not None:
            within = tantivy.Query.term_set_query(self._schema, "slug", list(slugs))
            wanted.append((tantivy.Occur.Must, tantivy.Query.const_score_query(within, 0.0)))
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(wanted), limit).hits
        found = {}
        for score, address in hits:
            document: Any = searcher.doc(address)
            found[document.get_first("id")] = (document.get_first("slug"), float(score))
        return found

    def frequency(self, term: Term) -> int:
        """Return in how many passages a term occurs."""
        found: Any = self._index.searcher().search(self._query(term), 1, count=True)
        return int(found.count)

    def _query(self, term: Term) -> tantivy.Query:
        if len(term) == 1:
            return tantivy.Query.term_query(self._schema, "stems", term[0])
        return tantivy.Query.phrase_query(self._schema, "stems", list(term))

    def count(self) -> int:
        """Return how many passages there are."""
        return int(self._index.searcher().num_docs)

    def everything(self) -> Iterator[tuple[str, str]]:
        """Yield (id, slug) of every passage."""
        searcher = self._index.searcher()
        for _, address in searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits:
            document: Any = searcher.doc(address)
            yield document.get_first("id"), document.get_first("slug")

    def clear(self) -> None:
        """Forget every passage."""
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        writer.delete_all_documents()
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    @staticmethod
    def destroy(folder: Path) -> None:
        """Remove a folder that tantivy cannot open."""
        shutil.rmtree(folder, ignore_errors=True)
