-- AlterTable
ALTER TABLE "Repository" ADD COLUMN "removedAt" TEXT;
