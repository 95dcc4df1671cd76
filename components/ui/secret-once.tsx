import { useEffect, useRef } from "react";
import { Copy } from "./copy.tsx";
import { QrCode } from "./qr-code.tsx";

/** What is shown once and kept nowhere: a link with its QR code, or a token. */
export function SecretOnce({ value, label, isLink }: { value: string; label: string; isLink: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <div className="flex items-center gap-4 max-sm:flex-col">
      {isLink && <QrCode text={value} label={`QR code of the ${label}`} />}
      <div className="flex w-full min-w-0 flex-1 flex-col gap-2">
        <input
          ref={field}
          readOnly
          aria-label={label}
          value={value}
          onFocus={(event) => event.target.select()}
          className="h-9 w-full rounded-md border border-line-strong bg-sunken px-3 font-mono text-xs pointer-coarse:h-11"
        />
        <Copy
          value={value}
          label={label}
          shown={`Copy the ${label}`}
          className="self-start !font-sans !text-sm"
        />
        <p className="text-xs text-muted">
          It is shown this once. {isLink ? "Whoever opens it first comes in." : "Keep it like a password."}
        </p>
      </div>
    </div>
  );
}
