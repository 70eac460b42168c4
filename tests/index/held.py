"""All that an index holds, read from its three stores."""

import tantivy

from index.store import Index
from index.vectors import Vectors


def everything(index: Index) -> dict[str, tuple[str, str, Vectors]]:
    """Return {id: (slug, text, vector)} of all that can be found; the stores must agree on it."""
    with index.vectors._passages() as passages:
        kept = passages.get(include=["metadatas", "embeddings"])
    slugs = {place: meta["slug"] for place, meta in zip(kept["ids"], kept["metadatas"], strict=True)}
    searcher = index.words._index.searcher()
    found = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits
    documents = [searcher.doc(address) for _, address in found]
    assert slugs == {document.get_first("id"): document.get_first("slug") for document in documents}
    assert slugs == dict(index.windows._database.execute("SELECT id, slug FROM windows").fetchall())
    vectors = dict(zip(kept["ids"], kept["embeddings"], strict=True))
    return {place: (slug, index.passages(slug)[place].text, vectors[place]) for place, slug in slugs.items()}
