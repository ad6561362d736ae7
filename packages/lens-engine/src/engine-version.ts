// The version that receipts carry; equal to package.json's, which a test checks.
export const engineVersion = '0.1.0'
