"""Keras 3 on its JAX backend: the loss before and after, and how to see which one a model needs."""

# %% data
import os

os.environ.setdefault("KERAS_BACKEND", "jax")  # or "torch", "tensorflow"
import keras
import numpy as np
from keras import layers, losses

keras.utils.set_random_seed(0)
X = np.random.default_rng(0).normal(size=(400, 2)).astype("float32")
y = (X.sum(1, keepdims=True) > 0).astype("float32")  # shape (n, 1), as the model's output


def stuck(activation):  # a start that is confidently wrong
    start = keras.initializers.Constant(-12.0)
    return keras.Sequential([layers.Dense(1, activation=activation, kernel_initializer=start)])


def train(model, loss):
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss=loss)
    model.fit(X, y, epochs=300, batch_size=400, verbose=0)


# %% before
model = stuck("sigmoid")
train(model, losses.MeanSquaredError())
print(f"accuracy {np.mean((model.predict(X, verbose=0) > 0.5) == (y > 0.5)):.3f}")

# %% after
model = stuck(None)  # no sigmoid: the model gives logits
train(model, losses.BinaryCrossentropy(from_logits=True))
print(f"accuracy {np.mean((model.predict(X, verbose=0) > 0) == (y > 0.5)):.3f}")

# %% predict
logit = model.predict(X, verbose=0)
probability = keras.ops.sigmoid(logit)  # only where somebody wants a probability
label = logit > 0  # the same as probability > 0.5; the metric is BinaryAccuracy(threshold=0)

# %% weights
share = 0.03  # of positive examples in the training set
model.fit(X, y, class_weight={0: 1.0, 1: (1 - share) / share}, verbose=0)
start = keras.initializers.Constant(np.log(share / (1 - share)))
last = layers.Dense(1, bias_initializer=start)  # without weights: begin at the base rate

# %% several
several = keras.Sequential([layers.Dense(5)])  # five yes-or-no questions: one logit each, no softmax
targets = np.random.default_rng(1).integers(0, 2, (400, 5)).astype("float32")
print(f"loss {float(losses.BinaryCrossentropy(from_logits=True)(targets, several(X))):.2f}")

# %% soft
soft = 0.9 * y + 0.05  # labels between 0 and 1 need no other loss
lowest = losses.BinaryCrossentropy(from_logits=True)(soft, np.log(soft / (1 - soft)))
print(f"a perfect model has loss {float(lowest):.4f}, not 0")

# %% diagnose
model = stuck("sigmoid")
train(model, losses.MeanSquaredError())
p = model.predict(X, verbose=0)
wrong = (p > 0.5) != (y > 0.5)
print(f"loss {np.mean((p - y) ** 2):.3f}, accuracy {1 - np.mean(wrong):.3f}")
print(f"{wrong.sum()} misclassified, mean of p(1-p) {np.mean((p * (1 - p))[wrong]):.1e}")

# %% facts
import jax

on_probabilities = losses.BinaryCrossentropy()  # the default: from_logits=False


def value_and_gradient(loss, z, target):
    return jax.value_and_grad(lambda z: loss(np.array([[float(target)]]), keras.ops.reshape(z, (1, 1))))(float(z))


values = {
    "epsilon": keras.config.epsilon(),
    "clipped_loss": float(value_and_gradient(lambda t, z: on_probabilities(t, keras.ops.sigmoid(z)), 30, 0)[0]),
    "gradient_15": float(value_and_gradient(lambda t, z: on_probabilities(t, keras.ops.sigmoid(z)), 15, 0)[1]),
    "gradient_17": float(value_and_gradient(lambda t, z: on_probabilities(t, keras.ops.sigmoid(z)), 17, 0)[1]),
    "logits_gradient_200": float(value_and_gradient(losses.BinaryCrossentropy(from_logits=True), 200, 0)[1]),
}


# %% errors
def words(make):
    try:
        make()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return "no error"


one_hot = np.zeros((4, 2), dtype="float32")
print(words(lambda: losses.BinaryCrossentropy(from_logits=True)(one_hot, np.zeros((4, 1), dtype="float32"))))
print(words(lambda: losses.CategoricalCrossentropy(from_logits=True)(np.zeros((4, 1)), np.zeros((4, 2)))))
