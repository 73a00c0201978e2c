/* fpu.S - the program's floating-point and vector registers, in the order of a signal frame: FPSR, FPCR, V0 to V31. */
    .arch armv8-a
    .text

    .macro ALL op
    \op q0, q1, [x0, #16]
    \op q2, q3, [x0, #48]
    \op q4, q5, [x0, #80]
    \op q6, q7, [x0, #112]
    \op q8, q9, [x0, #144]
    \op q10, q11, [x0, #176]
    \op q12, q13, [x0, #208]
    \op q14, q15, [x0, #240]
    \op q16, q17, [x0, #272]
    \op q18, q19, [x0, #304]
    \op q20, q21, [x0, #336]
    \op q22, q23, [x0, #368]
    \op q24, q25, [x0, #400]
    \op q26, q27, [x0, #432]
    \op q28, q29, [x0, #464]
    \op q30, q31, [x0, #496]
    .endm

/* void fpu_save(struct fpu_area *area) */
    .globl fpu_save
fpu_save:
    mrs x1, fpsr
    mrs x2, fpcr
    stp w1, w2, [x0, #8]
    ALL stp
    ret

/* void fpu_load(const struct fpu_area *area) */
    .globl fpu_load
fpu_load:
    ldp w1, w2, [x0, #8]
    msr fpsr, x1
    msr fpcr, x2
    ALL ldp
    ret
