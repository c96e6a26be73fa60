"""scikit-learn: where the loss is chosen already, and how to see what a squared error would have cost."""

# %% data
import numpy as np
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.neural_network import MLPClassifier, MLPRegressor

X = np.random.default_rng(0).normal(size=(400, 2))
y = (X.sum(1) > 0).astype(int)

# %% before
model = MLPRegressor(activation="logistic", random_state=0, max_iter=2000).fit(X, y)  # a regression on the labels
print(f"accuracy {np.mean((model.predict(X) > 0.5) == y):.3f}")
print(f"but predictions from {model.predict(X).min():.2f} to {model.predict(X).max():.2f}: no probabilities")

# %% after
model = LogisticRegression().fit(X, y)  # the log loss, computed from the raw score
network = MLPClassifier(random_state=0, max_iter=2000).fit(X, y)  # the log loss as well
print(f"accuracy {model.score(X, y):.3f} and {network.score(X, y):.3f}")

# %% predict
logit = model.decision_function(X)
probability = model.predict_proba(X)[:, 1]
label = model.predict(X)  # the same as logit > 0
print(f"log loss {log_loss(y, probability):.4f}, Brier score {brier_score_loss(y, probability):.4f}")

# %% weights
balanced = LogisticRegression(class_weight="balanced").fit(X, y)  # each class weighs the same in all
online = SGDClassifier(loss="log_loss", random_state=0).fit(X, y)  # its default, "hinge", gives no probabilities

# %% several
targets = np.column_stack([y, X[:, 0] > 1])  # two yes-or-no questions
several = MLPClassifier(random_state=0, max_iter=2000).fit(X, targets)
print(f"probabilities of shape {several.predict_proba(X).shape}")

# %% soft
soft = np.where(y == 1, 0.95, 0.05)  # labels between 0 and 1: each example twice, weighted
twice = LogisticRegression().fit(np.vstack([X, X]), np.repeat([1, 0], 400), sample_weight=np.r_[soft, 1 - soft])
print(f"probabilities from {twice.predict_proba(X).min():.2f} to {twice.predict_proba(X).max():.2f}")

# %% diagnose
p = model.predict_proba(X)[:, 1]
wrong = (p > 0.5) != y
print(f"log loss {log_loss(y, p):.3f}, accuracy {1 - wrong.mean():.3f}")
print(f"{wrong.sum()} misclassified, mean of p(1-p) {(p * (1 - p))[wrong].mean():.1e}")

# %% facts
values = {
    "clipped_float64": float(log_loss([1, 0], np.array([0.0, 0.0]), labels=[0, 1])),
    "clipped_float32": float(log_loss([1, 0], np.array([0.0, 0.0], dtype=np.float32), labels=[0, 1])),
    "brier_at_half": float(brier_score_loss([1, 0], [0.5, 0.5])),
}
