-- AlterTable: whoever came in over the network until now signs in again.
ALTER TABLE "Login" ADD COLUMN "line" TEXT NOT NULL DEFAULT 'machine';

-- AlterTable
ALTER TABLE "Token" ADD COLUMN "isConfined" BOOLEAN NOT NULL DEFAULT false;
