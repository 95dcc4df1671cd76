-- CreateTable
CREATE TABLE "StandingAnswer" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "choices" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,
    "usedAt" TEXT,
    "revokedAt" TEXT,
    "revokedBy" TEXT,
    CONSTRAINT "StandingAnswer_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Webhook" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "url" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "allowPrivate" INTEGER NOT NULL DEFAULT 0,
    "by" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "removedAt" TEXT
);

-- CreateIndex
CREATE INDEX "StandingAnswer_repositoryId_revokedAt_idx" ON "StandingAnswer"("repositoryId", "revokedAt");

-- CreateIndex
CREATE INDEX "Effect_kind_idx" ON "Effect"("kind");
