# %% [markdown]
# # Walk-through
#
# Nothing is run here.
