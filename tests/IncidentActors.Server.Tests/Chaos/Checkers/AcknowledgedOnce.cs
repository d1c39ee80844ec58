using System.Text.Json;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tests.Chaos.Checkers;

/// <summary>Acknowledged exactly once, refused never, unknown at most once (invariants 3 and 5).</summary>
internal sealed class AcknowledgedOnce
{
    private readonly Dictionary<string, int> written = [];

    public void See(StoredEvent one)
    {
        var property = one.Name switch { "atp.noted.v1" => "notes", "message.sent.v1" => "subject", "incident.declared.v1" => "title", _ => null };
        if (property is null) return;
        using var payload = JsonDocument.Parse(one.Payload);
        var note = payload.RootElement.GetProperty(property).GetString()!;
        written[note] = written.GetValueOrDefault(note) + 1;
    }

    public void Check(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            var times = written.GetValueOrDefault(operation.Note);
            var right = operation.Answered switch
            {
                Answered.Acknowledged => times == 1,
                Answered.Refused => times == 0,
                _ => times <= 1,
            };
            Assert.True(right, $"{operation.Note} of {operation.Agent} was {operation.Answered} and stands {times} times in the journal");
        }
    }
}
