"""What does not fit on a page and no scroll width tells: choices of a select, what is typed, words in drawings."""

CRAMPED = """() => {
    const pen = document.createElement("canvas").getContext("2d");
    const faults = [];
    for (const select of document.querySelectorAll("select")) {
        if (!select.offsetWidth) continue;
        const style = getComputedStyle(select);
        pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const wraps = style.appearance === "none" && style.whiteSpace === "normal";
        const arrow = style.appearance === "none" ? 0 : 20;
        const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
        for (const option of select.options)
            for (const text of wraps ? option.label.split(/\\s+|(?<=[-–])/) : [option.label])
                if (pen.measureText(text).width > room + 1) faults.push(`${select.name}: ${text}`);
    }
    for (const input of document.querySelectorAll("input.input"))
        if (input.scrollWidth > input.clientWidth + 1) faults.push(`${input.name}: ${input.value}`);
    for (const text of document.querySelectorAll("svg text")) {
        const own = text.getBoundingClientRect();
        if (!own.width || text.closest(".map")) continue;
        let [left, right] = [0, innerWidth];
        for (let around = text.parentElement; around; around = around.parentElement) {
            if (getComputedStyle(around).overflowX === "visible") continue;
            const box = around.getBoundingClientRect();
            [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
        }
        if (own.left < left - 1 || own.right > right + 1) faults.push(`drawing: ${text.textContent}`);
        for (const other of text.closest("figure, .card, main").querySelectorAll("svg text")) {
            const its = other.getBoundingClientRect();
            const across = Math.min(own.right, its.right) - Math.max(own.left, its.left);
            const down = Math.min(own.bottom, its.bottom) - Math.max(own.top, its.top);
            // The boxes of two lines may touch; the letters do not.
            if (other !== text && across > 1 && down > 5)
                faults.push(`one over the other: ${text.textContent}, ${other.textContent}`);
        }
    }
    return faults;
}"""
"""A script: what is cut off in selects, in text fields and in drawings, and words of drawings that touch.

A map is cropped on purpose.
"""
