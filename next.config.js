// No telemetry, whoever builds or serves the pages, and however.
process.env["NEXT_TELEMETRY_DISABLED"] ??= "1";

/** @type {import('next').NextConfig} */
const config = {
  // Next is a guest in server/web.ts, which owns the port, the headers and the addresses.
  poweredByHeader: false,
  // `npm run types` checks everything in one go.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.page.json" },
  devIndicators: false,
};

export default config;
