-- Where a run shall be computed, how far it is when it goes block by block, and what each worker's machine offers.

-- CreateEnum
CREATE TYPE "ProviderChoice" AS ENUM ('AUTO', 'CPU', 'WEBGPU', 'CUDA');

-- AlterTable
ALTER TABLE "lens_run" ADD COLUMN     "block" JSONB,
ADD COLUMN     "provider" "ProviderChoice" NOT NULL DEFAULT 'AUTO';

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "devices" JSONB;
