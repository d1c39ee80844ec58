using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Writes, removes, leases and holds effects inside the running transaction.</summary>
internal sealed class EffectWriter(Link link)
{
    private readonly Statement has = link["select 1 from effects where id = ? and lease_token = ?"];
    private readonly Statement remove = link["delete from effects where id = ?"];

    // Replaced as a whole: an effect that is written again is a younger one.
    private readonly Statement add = link[
        """
        insert or replace into effects (id, target, command, due, counted, subject, clock, lease_token, ready, attempts)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """];

    public bool Has(Consumption consumption)
    {
        has.Bind(1, consumption.EffectId).Bind(2, consumption.LeaseToken);
        var here = has.Step();
        has.Reset();
        return here;
    }

    public void Write(TurnRecord turn)
    {
        if (turn.Consumes is { } consumed) remove.Bind(1, consumed.EffectId).Execute();
        foreach (var id in turn.Cancels) remove.Bind(1, id).Execute();
        foreach (var effect in turn.Effects)
        {
            add.Bind(1, effect.Id).Bind(2, effect.Target.ToString()).Bind(3, effect.Command)
                .Bind(4, JournalJson.Ticks(effect.Due)).Bind(5, JournalJson.Ticks(effect.Counted))
                .BindJson(6, effect.Subject is { } subject ? JournalJson.Of(subject) : null)
                .Bind(7, effect.Clock).Bind(8, effect.LeaseToken).Bind(9, JournalJson.Ready(effect)).Bind(10, effect.LeaseToken is null ? 0 : 1)
                .Execute();
        }
    }

    public IReadOnlyList<DueEffect> Take(string token, DateTimeOffset now, TimeSpan lease, int limit)
    {
        var due = Rows.All(
            link[$"select {Rows.EffectColumns} from effects where ready <= ? order by ready, no limit ?"]
                .Bind(1, JournalJson.Ticks(now)).Bind(2, limit),
            Rows.Effect);
        var mark = link["update effects set lease_token = ?, ready = ?, attempts = attempts + 1 where id = ?"];
        for (var i = 0; i < due.Count; i++)
        {
            mark.Bind(1, token).Bind(2, JournalJson.Ticks(now + lease)).Bind(3, due[i].Id).Execute();
            due[i] = due[i] with { LeaseToken = token, Attempts = due[i].Attempts + 1 };
        }

        return due;
    }

    /// <summary>Releases leases of earlier processes: one process has the database at a time, so they are dead. Parked effects stay parked.</summary>
    public void Release() =>
        link["update effects set lease_token = null, ready = due where lease_token is not null and ready < ?"]
            .Bind(1, JournalJson.Ticks(DateTimeOffset.MaxValue)).Execute();

    /// <summary>False if the lease token does not match.</summary>
    public bool Hold(string effectId, string leaseToken, DateTimeOffset due, DateTimeOffset counted) =>
        link["update effects set due = ?1, ready = ?1, counted = ?2, lease_token = null where id = ?3 and lease_token = ?4"]
            .Bind(1, JournalJson.Ticks(due)).Bind(2, JournalJson.Ticks(counted)).Bind(3, effectId).Bind(4, leaseToken)
            .Execute() > 0;

    /// <summary>False if the lease token does not match. An effect parked under a halt that has ended meanwhile is due again at once.</summary>
    public bool Park(string effectId, string leaseToken, string haltId) =>
        link[
            """
            update effects set
                lease_token = case when exists (select 1 from halts where id = ?2 and lifted_at is null) then ?3 end,
                ready = case when exists (select 1 from halts where id = ?2 and lifted_at is null) then ?4 else due end
            where id = ?1 and lease_token = ?5
            """]
            .Bind(1, effectId).Bind(2, haltId).Bind(3, Parking.Token(haltId)).Bind(4, JournalJson.Ticks(DateTimeOffset.MaxValue)).Bind(5, leaseToken)
            .Execute() > 0;

    /// <summary>Effects that were parked under a halt come again. The time is the one that <see cref="Park"/> gives them, literal so that the
    /// index of parked ones is found.</summary>
    public void Unpark(string haltId) =>
        link["update effects set lease_token = null, ready = due where lease_token = ? and ready = 2534023007999999999"]
            .Bind(1, Parking.Token(haltId)).Execute();
}
