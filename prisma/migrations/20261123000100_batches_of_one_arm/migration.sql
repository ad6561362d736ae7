-- AlterTable
ALTER TABLE "evaluation_batch" ADD COLUMN     "arm_id" UUID;
