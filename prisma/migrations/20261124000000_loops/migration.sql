-- CreateTable
CREATE TABLE "Loop" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "project" TEXT,
    "landing" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "maxSessions" INTEGER NOT NULL,
    "maxFailures" INTEGER NOT NULL,
    "reason" TEXT,
    "parked" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "startedAt" TEXT NOT NULL,
    "endedAt" TEXT,
    CONSTRAINT "Loop_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Loop_status_idx" ON "Loop"("status");

-- CreateIndex
CREATE INDEX "Loop_repositoryId_startedAt_idx" ON "Loop"("repositoryId", "startedAt");
