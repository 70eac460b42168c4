"""Passages by words: BM25 with tantivy, over the stems of words and over their letters (see `index.analysis`)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import tantivy

from index.analysis import GRAM, asked_grams, asked_stems, exact_phrases, grams, plain, stems
from index.spelling import Vocabulary

# Part of what the index remembers: words kept in another way are read again.
LAYOUT = f"stems-grams{GRAM}-words-plain-kept"
# What a pair of stems and a run of letters count beside one stem.
_PAIR, _GRAM = 0.6, 1.0
_TIED = 100  # passages that may be as good as the last of the best, for which the name then decides
_WORDS = "lower"  # how words are kept as they are written
_HEAP = 15_000_000  # bytes, the least that tantivy's writer accepts
# Passages, up to which a store is written anew where some were taken out: a second and a half. In more, what one talk had
# counts for little.
_ANEW, _ANEW_HEAP = 20_000, 100_000_000

# A stem, or two that follow each other: "prêt participatif" says more than a "prêt" here and "participatif" there.
Term = tuple[str, ...]


def terms(found: Sequence[str]) -> list[Term]:
    """Return each stem and each pair of neighbours, once. Pure."""
    return list(dict.fromkeys([*((stem,) for stem in found), *pairwise(found)]))


class WordStore:
    """A tantivy folder of passages; the stems of each talk's own language."""

    def __init__(self, folder: Path) -> None:
        self._worn = folder / "worn"  # there while what was taken out may still count
        self._kept = folder / "kept"  # what is written of each masterclass, to write it anew
        self._kept.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        # Deleting by a tokenised field fails (tantivy-py #297): identifiers are kept raw.
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("slug", stored=True, tokenizer_name="raw")
        builder.add_text_field("stems", tokenizer_name="whitespace")
        builder.add_text_field("grams", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("plain", tokenizer_name="whitespace")
        builder.add_text_field("words", tokenizer_name=_WORDS, index_option="basic")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        lower = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        self._index.register_tokenizer(_WORDS, lower.build())
        self._vocabulary: Vocabulary | None = None

    def replace(self, slug: str, passages: Sequence[tuple[str, str]], language: str = "fr") -> None:
        """Make these (id, text) the passages of a masterclass, whatever was there."""
        if self._index.searcher().doc_freq("slug", slug):
            self._worn.touch()
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        writer.delete_documents_by_term("slug", slug)
        rows = [
            {
                "id": place,
                "slug": slug,
                "stems": " ".join(stems(text, language)),
                "grams": " ".join(grams(text)),
                "plain": " ".join(plain(text, language)),
                "words": text,
            }
            for place, text in passages
        ]
        for row in rows:
            writer.add_document(tantivy.Document(**row))
        kept = self._kept / slug  # not in tantivy, where each search would read it along
        if rows:
            kept.write_bytes(zlib.compress(json.dumps(rows).encode(), 1))
        else:
            kept.unlink(missing_ok=True)
        self._commit(writer)

    def settle(self) -> None:
        """Have scores depend on what there is, not on what there was: write all passages anew where some were taken out.

        tantivy counts those until it merges, and from then on knows but about how long the others are.
        """
        if not self._worn.exists() or self.count() > _ANEW:
            return
        writer = self._index.writer(heap_size=_ANEW_HEAP, num_threads=1)
        writer.delete_all_documents()
        for kept in self._kept.iterdir():
            for row in json.loads(zlib.decompress(kept.read_bytes())):
                writer.add_document(tantivy.Document(**row))
        self._commit(writer)
        self._worn.unlink()

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        self._index.reload()  # found from here on: merging takes longer, the more there is
        writer.wait_merging_threads()
        self._index.reload()
        self._vocabulary = None

    def matching(self, question: str, limit: int, slugs: Sequence[str] | None = None) -> dict[str, tuple[str, float]]:
        """Return the best passages with any word of a question, as {id: (slug, score)}; only those of ``slugs``.

        Two stems that follow each other in the question and in the passage count once more, and so do the letters that
        words share.
        """
        return self._best([(tantivy.Occur.Must, self._asked(question))], limit, slugs)

    def quoting(self, question: str, limit: int, slugs: Sequence[str] | None = None) -> dict[str, tuple[str, float]]:
        """Return the best passages that hold a phrase which the question has in quotes, scored as by `matching`."""
        phrases = [(tantivy.Occur.Should, self._query(tuple(phrase), "plain")) for phrase in exact_phrases(question)]
        if not phrases:
            return {}
        held = tantivy.Query.const_score_query(tantivy.Query.boolean_query(phrases), 0.0)
        return self._best([(tantivy.Occur.Must, held), (tantivy.Occur.Should, self._asked(question))], limit, slugs)

    def _asked(self, question: str) -> tantivy.Query:
        asked = [
            *((self._query(term), 1.0 if len(term) == 1 else _PAIR) for term in terms(asked_stems(question))),
            *((self._term("grams", gram), _GRAM) for gram in asked_grams(question)),
        ]
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)) for query, weight in asked]
        )

    def _best(
        self, wanted: list[tuple[tantivy.Occur, tantivy.Query]], limit: int, slugs: Sequence[str] | None
    ) -> dict[str, tuple[str, float]]:
        if slugs is not None:
            within = tantivy.Query.term_set_query(self._schema, "slug", list(slugs))
            wanted.append((tantivy.Occur.Must, tantivy.Query.const_score_query(within, 0.0)))
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(wanted), limit + _TIED, count=False).hits
        least = hits[limit - 1][0] if len(hits) > limit else 0.0
        found = []
        for score, address in hits:
            if score >= least:
                document: Any = searcher.doc(address)
                found.append((-float(score), document.get_first("id"), document.get_first("slug")))
        # tantivy takes equals in the order in which they were written.
        return {place: (slug, -score) for score, place, slug in sorted(found)[:limit]}

    def frequency(self, term: Term) -> int:
        """Return in how many passages a term occurs."""
        found: Any = self._index.searcher().search(self._query(term), 1, count=True)
        return int(found.count)

    def _query(self, term: Term, field: str = "stems") -> tantivy.Query:
        if len(term) == 1:
            return self._term(field, term[0])
        return tantivy.Query.phrase_query(self._schema, field, list(term))

    def _term(self, field: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, text, index_option="freq")

    def vocabulary(self) -> Vocabulary:
        """Return the words of all passages as they are written, in lower case."""
        if self._vocabulary is None:
            terms = self._index.searcher().terms_with_prefix("words", "")
            self._vocabulary = Vocabulary.of(word for word, _ in terms)
        return self._vocabulary

    def count(self) -> int:
        """Return how many passages there are."""
        return int(self._index.searcher().num_docs)

    def clear(self) -> None:
        """Forget every passage."""
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        writer.delete_all_documents()
        self._commit(writer)
        self._worn.unlink(missing_ok=True)
        for kept in self._kept.iterdir():
            kept.unlink()
