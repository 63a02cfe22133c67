"""Wrong convolutions in Triton."""

from __future__ import annotations

from autograder.author import Mistake


def _forward(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="triton_conv", module="triton_conv_forward", says=says, old=old, new=new)


def _data(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="triton_conv", module="triton_conv_data", says=says, old=old, new=new)


def _weight(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="triton_conv", module="triton_conv_weight", says=says, old=old, new=new)


WRONG = (
    _forward(
        "P26-padding-added",
        "The windows are shifted to the right where there is padding. The first window starts PAD pixels "
        "before the image: which sign does that give its column?",
        "left = m % Wo * STRIDE - PAD",
        "left = m % Wo * STRIDE + PAD",
    ),
    _forward(
        "P26-stride-of-columns-forgotten",
        "With stride 2 the windows go down by 2 pixels but to the right by 1. In which column does window "
        "(i, j) start?",
        "left = m % Wo * STRIDE - PAD",
        "left = m % Wo - PAD",
    ),
    _forward(
        "P27-r-and-s-exchanged",
        "Row and column of a filter's tap are exchanged; symmetric filters hide it. The taps of a row lie "
        "side by side in memory: which of r and s changes faster?",
        "r = j // C // WW\n            s = j // C % WW",
        "r = j // C % WW\n            s = j // C // WW",
    ),
    _forward(
        "P28-right-edge-not-masked",
        "Windows that reach beyond the right edge read the first pixels of the next row instead of zeros. "
        "Which of the four edges does your mask forget?",
        "edges_of(top, left, H, W, HH, WW, 1)",
        "edges_of(top, left, H, 2 * W, HH, WW, 1)",
    ),
    _forward(
        "P28-channels-not-masked",
        "With 35 channels the second step of 32 also reads numbers of the next pixel and the next tap. When "
        "may the mask over channels be left out?",
        '% arguments["BLOCK_K"] == 0',
        '>= arguments["BLOCK_K"]',
    ),
    _forward(
        "P29-last-step-left-out",
        "The last numbers of every window are missing. What does HH·WW·C // BLOCK_K count, and what does "
        "cdiv?",
        "tl.cdiv(HH * WW * C, BLOCK_K)",
        "HH * WW * C // BLOCK_K",
    ),
    _forward(
        "P30-height-and-width-exchanged",
        "Height and width of the filter are exchanged; square filters hide it. Try a 3×2 filter.",
        "(F, _, HH, WW) = x.shape, w.shape",
        "(F, _, WW, HH) = x.shape, w.shape",
    ),
    _data(
        "P31-every-phase-by-the-first-taps",
        "With a stride of 2, all pixels of dx are computed from the taps of the first phase. A pixel with "
        "p = (h + pad) mod stride meets the taps p, p + stride, ...: where does p enter your address?",
        "w_ptr + phase_h * stride_wr + phase_w * stride_ws +",
        "w_ptr +",
    ),
    _data(
        "P31-taps-not-a-stride-apart",
        "Within a phase the next column of taps is `stride` taps away, and yours is the neighbour. Write "
        "down for stride 2 and a 3-wide filter which s reach a given pixel.",
        "u * STRIDE * stride_ws",
        "u * stride_ws",
    ),
    _data(
        "P32-window-runs-forwards",
        "dx looks at the outputs after a pixel's own one. With out[i] = Σ_r x[i + r]·w[r], which outputs did "
        "x[h] take part in: those from h on, or those up to h?",
        "STEP: tl.constexpr = -1",
        "STEP: tl.constexpr = 1",
    ),
    _data(
        "P32-padding-forgotten-in-dx",
        "dx is shifted down by the padding. Row h of the image is row h + pad of what the windows saw: "
        "which of both decides the output row?",
        "i = (h + PAD) // STRIDE\n    j",
        "i = h // STRIDE\n    j",
    ),
    _data(
        "P33-phases-of-rows-only",
        "Only the first row of phases is computed; other pixels of dx hold whatever was in memory. How many "
        "phases has a stride of 2 in two dimensions?",
        "return (tiles, stride * stride)",
        "return (tiles, stride)",
    ),
    _weight(
        "P34-row-not-carried",
        "When the column of an output pixel runs over the end of its row, the row stays the same. Count the "
        "pixels of a 2×3 output by hand: what else changes when the column returns to 0?",
        "ho += BLOCK_K // Wo % Ho + carry",
        "ho += BLOCK_K // Wo % Ho",
    ),
    _weight(
        "P34-whole-images-not-skipped",
        "A step of BLOCK_K pixels can pass more than one small image, but your image number grows by one at "
        "most. How many images of Ho·Wo pixels does a step contain?",
        "n += BLOCK_K // (Wo * Ho) + carry",
        "n += carry",
    ),
    _weight(
        "P35-dw-of-unstrided-windows",
        "dw reads rows of x as if the stride were 1. Which row of the padded image meets tap r of output "
        "row i?",
        "h = (ho * STRIDE - PAD)[:, None] + r",
        "h = (ho - PAD)[:, None] + r",
    ),
    _weight(
        "P36-last-filters-not-stored",
        "The last columns of dw hold whatever was in memory: the mask of the store compares with the number "
        "of filters. How many columns has dw as a matrix?",
        "mask=(f < F)[:, None] & fits[None, :])",
        "mask=(f < F)[:, None] & (j < F)[None, :] & fits[None, :])",
    ),
)
