import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface ModalProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Hides the heading from sight, where the content speaks for itself. */
  bare?: boolean;
  description?: ReactNode;
  className?: string;
  /** Something was typed: only Cancel and Escape close it. */
  keepOnOutsideClick?: boolean;
  children: ReactNode;
}

export function Modal(props: ModalProps) {
  const { open, onOpenChange, title, bare, description, className, keepOnOutsideClick, children } = props;
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[#0008] backdrop-blur-[1px]" />
        <Dialog.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onInteractOutside={(event) => {
            if (keepOnOutsideClick) event.preventDefault();
          }}
          className={classNames(
            "appear fixed inset-x-3 top-[12vh] z-50 mx-auto flex max-h-[78dvh] max-sm:top-3 max-sm:max-h-[calc(100dvh-1.5rem)] max-w-lg flex-col overflow-hidden rounded-xl border border-line-strong bg-raised shadow-float",
            className,
          )}
        >
          <Dialog.Title className={bare ? "sr-only" : "px-5 pt-4 text-base font-semibold"}>
            {title}
          </Dialog.Title>
          {description && (
            <Dialog.Description className={bare ? "sr-only" : "px-5 pt-1 text-sm text-muted"}>
              {description}
            </Dialog.Description>
          )}
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
