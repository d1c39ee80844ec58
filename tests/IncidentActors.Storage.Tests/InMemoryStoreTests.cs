using IncidentActors.Engine.Journals;
using IncidentActors.Testing.Stores;

namespace IncidentActors.Storage.Tests;

public sealed class InMemoryStoreTests : StoreSuite
{
    private readonly InMemoryStore journal = new();

    protected override Task CreateStoreAsync() => Task.CompletedTask;

    protected override IStore Connect() => journal;

    protected override Task DropStoreAsync() => Task.CompletedTask;
}
