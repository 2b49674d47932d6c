"""The search: which courses a query finds, and how well. The site's script gives the same answers from the same parts of the index."""

from course_catalogue.search.fold import fold
from course_catalogue.search.index import SearchIndex, index_of
from course_catalogue.search.mark import marks
from course_catalogue.search.nearest import nearest_words
from course_catalogue.search.rank import ranked

__all__ = ["SearchIndex", "fold", "index_of", "marks", "nearest_words", "ranked"]
