-- AlterTable
ALTER TABLE "Audit" ADD COLUMN "person" TEXT;
ALTER TABLE "Audit" ADD COLUMN "via" TEXT NOT NULL DEFAULT '';

-- CreateIndex
CREATE INDEX "Audit_at_idx" ON "Audit"("at");

-- What was written down stays as it is.
CREATE TRIGGER "Audit_is_never_changed" BEFORE UPDATE ON "Audit"
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER "Audit_is_never_deleted" BEFORE DELETE ON "Audit"
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- AlterTable
ALTER TABLE "Person" ADD COLUMN "lands" TEXT NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "Token" ADD COLUMN "createdBy" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Token" ADD COLUMN "reusable" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "Token" ADD COLUMN "uses" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Token" ADD COLUMN "seenAt" TEXT;
ALTER TABLE "Token" ADD COLUMN "since" TEXT;

-- AlterTable: until now every loop was started by the owner.
ALTER TABLE "Loop" ADD COLUMN "person" TEXT NOT NULL DEFAULT 'owner';
ALTER TABLE "Loop" DROP COLUMN "role";
