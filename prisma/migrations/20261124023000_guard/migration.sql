-- AlterTable
ALTER TABLE "Repository" ADD COLUMN "guard" TEXT;
