"""The staff's workshop: what there is, and what is to be done with it."""

import streamlit as st

from app.people import Role
from pages.who import require

require(Role.STAFF)
st.title("Atelier")
