"use client";

import { Toaster as Corner } from "sonner";

/** Where messages appear. */
export default function Toaster() {
  return (
    <Corner
      position="bottom-right"
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        classNames: {
          toast: "!rounded-lg !border !border-line-strong !bg-raised !text-text !shadow-float !font-sans",
          description: "!text-muted",
          error: "[&_[data-icon]]:!text-bad",
          success: "[&_[data-icon]]:!text-good",
        },
      }}
    />
  );
}
