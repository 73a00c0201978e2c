/* domxml_virt.c - a VM of QEMU's machine virt, whose processor is translated (vmproc/guest/aarch64/). */
#include "domxml.h"

void domxml_put_virt(FILE *out, const struct domain_spec *spec)
{
    struct domain_spec translated = *spec;

    translated.kvm = false;
    domxml_put_head(out, &translated);
    fprintf(out, "<os><type arch='aarch64' machine='virt'>hvm</type>");
    domxml_put_element(out, "kernel", spec->work->aarch64);
    fprintf(out,
            "</os><features><gic version='2'/><tcg><tb-cache unit='MiB'>32</tb-cache></tcg></features>"
            "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>cortex-a72</model></cpu>"
            "<on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><on_crash>destroy</on_crash>"
            "<devices><controller type='usb' model='none'/><memballoon model='none'/>");
    domxml_put_channels(out, spec);
    fprintf(out, "</devices>");
    domxml_put_security(out, spec->router);
    fprintf(out, "<qemu:commandline>"
                 "<qemu:arg value='-global'/><qemu:arg value='virtio-mmio.force-legacy=false'/>"
                 "<qemu:env name='MALLOC_ARENA_MAX' value='1'/></qemu:commandline></domain>");
}
