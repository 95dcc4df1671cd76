-- CreateTable
CREATE TABLE "Repository" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "root" TEXT NOT NULL,
    "commonDir" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "addedAt" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "openKey" TEXT,
    "state" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "since" TEXT NOT NULL,
    "view" TEXT NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "inbox" INTEGER NOT NULL DEFAULT 0,
    "spec" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "endedAt" TEXT,
    CONSTRAINT "Session_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RunEvent" (
    "sessionId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    PRIMARY KEY ("sessionId", "seq")
);

-- CreateTable
CREATE TABLE "Question" (
    "sessionId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "askedAt" TEXT NOT NULL,
    "answeredAt" TEXT,
    "answeredBy" TEXT,

    PRIMARY KEY ("sessionId", "id"),
    CONSTRAINT "Question_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Effect" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sessionId" TEXT,
    "body" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "doneAt" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT
);

-- CreateTable
CREATE TABLE "Fact" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "repositoryId" TEXT,
    "sessionId" TEXT,
    "actor" TEXT NOT NULL,
    "body" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Command" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TEXT NOT NULL,
    "answer" TEXT
);

-- CreateTable
CREATE TABLE "Landing" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "repositoryId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "step" TEXT,
    "journal" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "startedAt" TEXT NOT NULL,
    "endedAt" TEXT,
    CONSTRAINT "Landing_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Landing_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Audit" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "detail" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Person" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "revokedAt" TEXT
);

-- CreateTable
CREATE TABLE "Login" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "headerHash" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "seenAt" TEXT NOT NULL,
    "revokedAt" TEXT,
    "address" TEXT NOT NULL,
    "userAgent" TEXT NOT NULL,
    CONSTRAINT "Login_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Token" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "personId" TEXT,
    "createdAt" TEXT NOT NULL,
    "expiresAt" TEXT,
    "usedAt" TEXT,
    "revokedAt" TEXT,
    CONSTRAINT "Token_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "BacklogItem" (
    "repositoryId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "assignee" TEXT,
    "parent" TEXT,
    "description" TEXT NOT NULL,
    "design" TEXT NOT NULL,
    "acceptance" TEXT NOT NULL,
    "notes" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "closeReason" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL,
    "updatedAt" TEXT NOT NULL,
    "closedAt" TEXT,

    PRIMARY KEY ("repositoryId", "id")
);

-- CreateTable
CREATE TABLE "BacklogDependency" (
    "repositoryId" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "kind" TEXT NOT NULL,

    PRIMARY KEY ("repositoryId", "from", "to", "kind")
);

-- CreateTable
CREATE TABLE "BacklogComment" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "repositoryId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "Repository_instance_key" ON "Repository"("instance");

-- CreateIndex
CREATE UNIQUE INDEX "Session_openKey_key" ON "Session"("openKey");

-- CreateIndex
CREATE INDEX "Session_repositoryId_status_idx" ON "Session"("repositoryId", "status");

-- CreateIndex
CREATE INDEX "Session_repositoryId_item_idx" ON "Session"("repositoryId", "item");

-- CreateIndex
CREATE INDEX "Session_createdAt_idx" ON "Session"("createdAt");

-- CreateIndex
CREATE INDEX "Question_status_askedAt_idx" ON "Question"("status", "askedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Effect_key_key" ON "Effect"("key");

-- CreateIndex
CREATE INDEX "Effect_doneAt_lane_idx" ON "Effect"("doneAt", "lane");

-- CreateIndex
CREATE INDEX "Fact_sessionId_idx" ON "Fact"("sessionId");

-- CreateIndex
CREATE INDEX "Command_at_idx" ON "Command"("at");

-- CreateIndex
CREATE INDEX "Landing_repositoryId_status_idx" ON "Landing"("repositoryId", "status");

-- CreateIndex
CREATE INDEX "BacklogItem_repositoryId_status_idx" ON "BacklogItem"("repositoryId", "status");

-- CreateIndex
CREATE INDEX "BacklogComment_repositoryId_item_idx" ON "BacklogComment"("repositoryId", "item");
