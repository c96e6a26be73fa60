"""PyTorch: the loss before and after, and how to see which one a model needs."""

# %% data
import torch
from torch import nn

torch.manual_seed(0)
X = torch.randn(400, 2)
y = (X.sum(1, keepdim=True) > 0).float()  # shape (n, 1), as the model's output


def stuck(*last):  # a start that is confidently wrong
    model = nn.Sequential(nn.Linear(2, 1), *last)
    with torch.no_grad():
        model[0].weight.fill_(-12.0)
    return model


def train(model, loss):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(300):
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()


# %% before
model = stuck(nn.Sigmoid())
train(model, nn.MSELoss())
print(f"accuracy {((model(X) > 0.5) == (y > 0.5)).float().mean():.3f}")

# %% after
model = stuck()  # no sigmoid: the model gives logits
train(model, nn.BCEWithLogitsLoss())
print(f"accuracy {((model(X) > 0) == (y > 0.5)).float().mean():.3f}")

# %% predict
logit = model(X)
probability = torch.sigmoid(logit)  # only where somebody wants a probability
label = logit > 0  # the same as probability > 0.5

# %% weights
share = 0.03  # of positive examples in the training set
loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([(1 - share) / share]))
model[0].bias.data.fill_(torch.logit(torch.tensor(share)))  # without weights: begin at the base rate

# %% several
several = nn.Linear(2, 5)  # five yes-or-no questions: one logit each, no softmax
targets = torch.randint(0, 2, (400, 5)).float()
print(f"loss {nn.BCEWithLogitsLoss()(several(X), targets):.2f}")

# %% soft
soft = 0.9 * y + 0.05  # labels between 0 and 1 need no other loss
lowest = nn.BCEWithLogitsLoss()(torch.logit(soft), soft)
print(f"a perfect model has loss {lowest:.4f}, not 0")

# %% diagnose
model = stuck(nn.Sigmoid())
train(model, nn.MSELoss())
with torch.no_grad():
    p = model(X)
    wrong = (p > 0.5) != (y > 0.5)
    print(f"loss {nn.MSELoss()(p, y):.3f}, accuracy {1 - wrong.float().mean():.3f}")
    print(f"{wrong.sum()} misclassified, mean of p(1-p) {(p * (1 - p))[wrong].mean():.1e}")

# %% facts


def gradient(loss, z, target):
    z = torch.tensor([float(z)], requires_grad=True)
    value = loss(z, torch.tensor([float(target)]))
    value.backward()
    return value.item(), z.grad.item()


def on_probabilities(z, target):
    return nn.BCELoss()(torch.sigmoid(z), target)


values = {
    "clamped_loss": gradient(on_probabilities, 200, 0)[0],
    "dead_gradient": gradient(on_probabilities, 17, 0)[1],
    "floor_gradient_20": gradient(on_probabilities, -20, 1)[1],
    "floor_gradient_28": gradient(on_probabilities, -28, 1)[1],
    "floor_gradient_40": gradient(on_probabilities, -40, 1)[1],
    "logits_gradient_200": gradient(nn.BCEWithLogitsLoss(), 200, 0)[1],
    "twice_0": nn.BCEWithLogitsLoss()(torch.sigmoid(torch.tensor([-99.0])), torch.tensor([0.0])).item(),
    "twice_1": nn.BCEWithLogitsLoss()(torch.sigmoid(torch.tensor([99.0])), torch.tensor([1.0])).item(),
    "mse_at_half": nn.MSELoss()(torch.tensor([0.5]), torch.tensor([1.0])).item(),
    "bce_at_half": nn.BCELoss()(torch.tensor([0.5]), torch.tensor([1.0])).item(),
}


# %% errors
import warnings


def words(make):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            make()
        except Exception as error:
            return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return "".join(f"{row.category.__name__}: {str(row.message).partition('. ')[0]}" for row in told) or "no error"


zeros, half = torch.zeros(4), torch.full((4,), 0.5)
whole, logits = zeros.long(), torch.zeros(4, requires_grad=True)
print(words(lambda: nn.BCELoss()(zeros + 1.7, zeros)))
print(words(lambda: nn.BCEWithLogitsLoss()(torch.zeros(4, 1), zeros)))
print(words(lambda: nn.MSELoss()(torch.zeros(4, 1), zeros)))
print(words(lambda: nn.BCELoss()(half, whole)))
print(words(lambda: nn.BCELoss()(half, zeros.double())))
print(words(lambda: nn.BCEWithLogitsLoss()(logits, whole).backward()))
