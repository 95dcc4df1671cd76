-- AlterTable
ALTER TABLE "BacklogItem" ADD COLUMN "creationKey" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "BacklogItem_repositoryId_creationKey_key" ON "BacklogItem"("repositoryId", "creationKey");
