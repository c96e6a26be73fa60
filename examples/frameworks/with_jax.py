"""JAX with Optax: the loss before and after, and how to see which one a model needs."""

# %% data
import jax
import jax.numpy as jnp
import optax

key = jax.random.key(0)
X = jax.random.normal(key, (400, 2))
y = (X.sum(1) > 0).astype(jnp.float32)
stuck = {"w": jnp.full(2, -12.0), "b": jnp.array(0.0)}  # a start that is confidently wrong


def logits(params, X):
    return X @ params["w"] + params["b"]


def train(loss, params=stuck):
    optimizer = optax.sgd(0.5)
    state = optimizer.init(params)
    for _ in range(300):
        updates, state = optimizer.update(jax.grad(loss)(params), state)
        params = optax.apply_updates(params, updates)
    return params


# %% before
params = train(lambda params: jnp.mean((jax.nn.sigmoid(logits(params, X)) - y) ** 2))
print(f"accuracy {jnp.mean((logits(params, X) > 0) == (y > 0.5)):.3f}")

# %% after
params = train(lambda params: optax.sigmoid_binary_cross_entropy(logits(params, X), y).mean())
print(f"accuracy {jnp.mean((logits(params, X) > 0) == (y > 0.5)):.3f}")

# %% predict
probability = jax.nn.sigmoid(logits(params, X))  # only where somebody wants a probability
label = logits(params, X) > 0  # the same as probability > 0.5

# %% weights
share = 0.03  # of positive examples in the training set
weight = jnp.where(y > 0.5, (1 - share) / share, 1.0)
loss = jnp.mean(weight * optax.sigmoid_binary_cross_entropy(logits(params, X), y))
bias = jnp.log(share / (1 - share))  # without weights: begin at the base rate

# %% several
several = jax.random.normal(key, (400, 5))  # five yes-or-no questions: one logit each, no softmax
targets = jax.random.bernoulli(key, 0.5, (400, 5)).astype(jnp.float32)
print(f"loss {optax.sigmoid_binary_cross_entropy(several, targets).mean():.2f}")

# %% soft
soft = 0.9 * y + 0.05  # labels between 0 and 1 need no other loss
lowest = optax.sigmoid_binary_cross_entropy(jax.scipy.special.logit(soft), soft).mean()
print(f"a perfect model has loss {lowest:.4f}, not 0")

# %% diagnose
params = train(lambda params: jnp.mean((jax.nn.sigmoid(logits(params, X)) - y) ** 2))
p = jax.nn.sigmoid(logits(params, X))
wrong = (p > 0.5) != (y > 0.5)
print(f"loss {jnp.mean((p - y) ** 2):.3f}, accuracy {1 - wrong.mean():.3f}")
print(f"{wrong.sum()} misclassified, mean of p(1-p) {(p * (1 - p))[wrong].mean():.1e}")

# %% facts
on_logits = jax.value_and_grad(optax.sigmoid_binary_cross_entropy)
by_hand = jax.value_and_grad(lambda z, y: -y * jnp.log(jax.nn.sigmoid(z)) - (1 - y) * jnp.log(1 - jax.nn.sigmoid(z)))
values = {
    "logits_loss_200": float(on_logits(200.0, 0.0)[0]),
    "logits_gradient_200": float(on_logits(200.0, 0.0)[1]),
    "by_hand_loss_17": float(by_hand(17.0, 0.0)[0]),
    "by_hand_gradient_17": float(by_hand(17.0, 0.0)[1]),
}
