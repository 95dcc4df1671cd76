-- CreateTable
CREATE TABLE "DiffComment" (
    "sessionId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "at" TEXT NOT NULL,

    PRIMARY KEY ("sessionId", "id")
);
