"""Wrong convolutions in torch."""

from __future__ import annotations

from autograder.author import Mistake

_FORWARD_PAD = "padded = torch.nn.functional.pad(x, (pad, pad, pad, pad))\n    out ="
_FORWARD_FILTERS = "filters = w.reshape(F, -1)\n    for"
_CROP = "return padded[:, :, pad : pad + height, pad : pad + width]"


def _edit(name: str, says: str, old: str, new: str) -> Mistake:
    return Mistake(id=name, task="conv2d", module="torch_conv", says=says, old=old, new=new)


WRONG = (
    _edit(
        "P7-windows-step-in-rows-only",
        "With stride 2 the windows go down by 2 pixels but to the right by 1. Which of the five strides of "
        "the view moves from one window to its right neighbour?",
        "row * stride, column * stride)",
        "row * stride, column)",
    ),
    _edit(
        "P7-dx-steps-in-rows-only",
        "dx takes the stride into account for rows but not for columns. To which columns of the padded image "
        "does tap s of all windows of a row belong?",
        "s : s + stride * Wo : stride]",
        "s : s + Wo]",
    ),
    _edit(
        "P8-height-and-width-swapped",
        "Height and width of the filter are exchanged; square filters hide it. Try a 3×2 filter.",
        "F, C, HH, WW = w.shape\n    Ho",
        "F, C, WW, HH = w.shape\n    Ho",
    ),
    _edit(
        "P8-dx-cropped-to-width-by-height",
        "dx is cut to W rows and H columns; square images hide it. Which shape has the gradient of x?",
        _CROP,
        "return padded[:, :, pad : pad + width, pad : pad + height]",
    ),
    _edit(
        "P9-dx-cropped-with-minus-pad",
        "Without padding dx is empty: pad:-pad is 0:-0 then. Where does the image end, counted from the "
        "front?",
        _CROP,
        "return padded[:, :, pad:-pad, pad:-pad]",
    ),
    _edit(
        "P9-padded-with-the-edge",
        "Only the border of the output is off: the padding repeats the edge of the image. Which values does "
        "the formula put there?",
        _FORWARD_PAD,
        'padded = torch.nn.functional.pad(x, (pad, pad, pad, pad), mode="replicate")\n    out =',
    ),
    _edit(
        "P10-dx-overwritten",
        "Each tap overwrites what the taps before left in dx. A pixel lies in several windows: what becomes "
        "of their contributions?",
        "+= dcols[:, r, s]",
        "= dcols[:, r, s]",
    ),
    _edit(
        "P10-dw-of-the-last-image",
        "dw holds the last image's part only. The filters saw every image: how do the parts come together?",
        "dw.addmm_(upstream, cols.view(-1, Ho * Wo).T)",
        "torch.mm(upstream, cols.view(-1, Ho * Wo).T, out=dw)",
    ),
    _edit(
        "P10-dw-averaged",
        "dw is too small by the number of images. Only the loss averages over a batch; does this formula "
        "divide anywhere?",
        "return dw.view(F, C,",
        "return dw.div(N).view(F, C,",
    ),
    _edit(
        "P11-reshape-for-transpose",
        "dx mixes filters: reshape does not exchange axes, it cuts the same order of entries elsewhere. "
        "Which operation makes rows of columns?",
        "w.reshape(F, -1).T.contiguous()",
        "w.reshape(-1, F)",
    ),
    _edit(
        "P11-filters-channels-last",
        "A row of the filters runs over taps and then channels, a column of the windows over channels and "
        "then taps. In which order do both have to stand so that the right numbers meet?",
        _FORWARD_FILTERS,
        "filters = w.permute(0, 2, 3, 1).reshape(F, -1)\n    for",
    ),
    _edit(
        "P12-windows-of-the-first-image",
        "Every image of the batch gets the output of the first one. Whose windows does your loop lay out?",
        "cols.copy_(_windows(image, HH, WW,",
        "cols.copy_(_windows(padded[0], HH, WW,",
    ),
    _edit(
        "P13-misfit-unnoticed",
        "A filter that is larger than the padded image is not refused. What does your formula give for Ho "
        "then, and which exception does the docstring ask for?",
        "Ho = output_size(x.shape[2], HH, stride=stride, pad=pad)\n"
        "    Wo = output_size(x.shape[3], WW, stride=stride, pad=pad)",
        "Ho = 1 + (x.shape[2] + 2 * pad - HH) // stride\n    Wo = 1 + (x.shape[3] + 2 * pad - WW) // stride",
    ),
    _edit(
        "P14-filters-transposed-in-place",
        "After dx was computed the caller's filters have their axes exchanged: methods that end in an "
        "underscore work in place. Which one gives a view instead?",
        "filters = w.reshape(F, -1).T.contiguous()",
        "filters = w.transpose_(0, 1).permute(0, 2, 3, 1).reshape(-1, F)",
    ),
    _edit(
        "P15-convolution-of-the-library",
        "torch.convolution is the library's convolution by another name. With which matrix do the filters "
        "have to be multiplied instead?",
        "    " + _FORWARD_PAD,
        "    if Ho:\n"
        "        steps, zeros = [stride, stride], [pad, pad]\n"
        "        return torch.convolution(x, w, None, steps, zeros, [1, 1], False, [0, 0], 1)\n"
        "    " + _FORWARD_PAD,
    ),
)
