using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Tests.Journals;

public sealed class InMemoryJournalTests : JournalSuite
{
    private readonly InMemoryJournal journal = new();

    protected override Task CreateStoreAsync() => Task.CompletedTask;

    protected override IJournal Connect() => journal;

    protected override Task DropStoreAsync() => Task.CompletedTask;
}
