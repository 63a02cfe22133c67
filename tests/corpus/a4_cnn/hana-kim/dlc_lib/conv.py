import numpy as np

# pic = picture, knl = kernel


def conv_forward(x, w, b, *, stride, pad):
    batch, ch, h, wid = x.shape
    n_knl, _, kh, kw = w.shape
    pic = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant", constant_values=0)
    oh, ow = (pic.shape[2] - kh) // stride + 1, (pic.shape[3] - kw) // stride + 1
    if oh < 1 or ow < 1:
        raise ValueError("output would be empty")
    result = np.zeros((batch, n_knl, oh, ow), dtype=x.dtype)
    for row in range(oh):
        for col in range(ow):
            y0, x0 = row * stride, col * stride
            part = pic[:, None, :, y0 : y0 + kh, x0 : x0 + kw]  # (batch, 1, ch, kh, kw)
            result[:, :, row, col] = (part * w[None]).sum(axis=(2, 3, 4))
    result = result + b[None, :, None, None]
    return result, {"pic": pic, "w": w, "stride": stride, "pad": pad}


def conv_backward(dout, cache):
    pic, w, pad = cache["pic"], cache["w"], cache["pad"]
    kh, kw = w.shape[2:]
    grad_pic = np.zeros_like(pic)
    grad_w = np.zeros_like(w)
    grad_b = dout.sum(axis=0).sum(axis=1).sum(axis=1)
    for row in range(dout.shape[2]):
        for col in range(dout.shape[3]):
            d = dout[:, :, row, col]
            window = (slice(None), slice(None), slice(row, row + kh), slice(col, col + kw))
            grad_pic[window] += np.einsum("bk,kchw->bchw", d, w)
            grad_w += np.einsum("bk,bchw->kchw", d, pic[window])
    bottom, right = pic.shape[2] - pad, pic.shape[3] - pad
    return grad_pic[:, :, pad:bottom, pad:right], grad_w, grad_b
