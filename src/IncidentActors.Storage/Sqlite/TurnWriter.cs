using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Sqlite;

/// <summary>Judges and writes turns inside the running transaction: first every check, then every row.</summary>
internal sealed class TurnWriter(Link link, HaltCache halts)
{
    private readonly List<Found> found = [];
    private readonly EffectWriter effects = new(link);
    private readonly MessageWriter messages = new(link);

    private readonly Statement findActor = link[
        """
        select no, version, status is ? and open is ? and rank is ? and incident is ? and owner is ? and flow is ?
        from actors where kind = ? and key = ?
        """];

    private readonly Statement findVersion = link["select version from actors where kind = ? and key = ?"];
    private readonly Statement findAnswer = link["select request_hash, json from answers where key = ?"];
    private readonly Statement findClaim = link["select holder from claims where name = ?"];

    private readonly Statement addActor = link[
        """
        insert into actors (kind, key, version, status, open, rank, incident, owner, flow, document)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """];

    private readonly Statement changeDocument = link["update actors set version = ?, document = ? where no = ?"];

    private readonly Statement changeActor = link[
        """
        update actors set version = ?, document = ?, status = ?, open = ?, rank = ?, incident = ?, owner = ?, flow = ?
        where no = ?
        """];

    private readonly Statement addEvent = link[
        """
        insert into events (actor, version, name, at, by, payload, incident, cause, token, trace)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """];

    private readonly Statement addAnswer = link["insert into answers (key, request_hash, json, at) values (?, ?, ?, ?)"];
    private readonly Statement addClaim = link["insert or replace into claims (name, holder) values (?, ?)"];
    private readonly Statement removeClaim = link["delete from claims where name = ? and holder = ?"];

    public CommitResult Commit(TurnRecord turn)
    {
        if (Refusal(turn) is { } refusal) return refusal;

        var first = 0L;
        for (var i = 0; i < turn.Appends.Length; i++)
        {
            var position = Write(turn, turn.Appends[i], found[i]);
            if (i == 0) first = position;
        }

        if (turn.Archives is { } messageIds) Archive(turn.Appends, messageIds);
        foreach (var one in turn.Restores) Restore(one);
        if (turn.Answer is { } answer)
            addAnswer.Bind(1, answer.Key).Bind(2, answer.RequestHash).Bind(3, answer.Json).Bind(4, JournalJson.Ticks(turn.At)).Execute();

        effects.Write(turn);
        foreach (var release in turn.Releases) removeClaim.Bind(1, release.Name).Bind(2, release.Holder.ToString()).Execute();
        foreach (var claim in turn.Claims) addClaim.Bind(1, claim.Name).Bind(2, claim.Holder.ToString()).Execute();
        messages.Write(turn);
        foreach (var halt in turn.Halts)
        {
            halts.Write(halt);
            if (!halt.Active || !halt.Lifts.IsEmpty) effects.Unpark(halt.Id);
        }

        return new Committed(first);
    }

    /// <summary>Why the turn may not be committed, in the contract's order, or null; then <see cref="found"/> has its actors.</summary>
    private CommitResult? Refusal(TurnRecord turn)
    {
        if (turn.Answer is { } answer && Answer(findAnswer, answer.Key) is { } known) return new KeyKnown(known);
        if (turn.Consumes is { } consumed && !effects.Has(consumed)) return new AlreadyConsumed();

        found.Clear();
        foreach (var append in turn.Appends)
        {
            var actor = Find(append);
            if (actor.Version != append.ExpectedVersion) return new Stale(append.Actor);
            found.Add(actor);
        }

        foreach (var guard in turn.Guards)
        {
            if (Version(guard.Actor) != guard.Version) return new Stale(guard.Actor);
        }

        if (turn.HaltEpoch is { } epoch && epoch != halts.Epoch) return new Stale(null);
        if (turn.Subject is { } subject && halts.Covering(subject) is { } halt) return new Fenced(halt);
        foreach (var claim in turn.Claims)
        {
            if (Holder(findClaim, claim.Name) is { } holder
                && holder != claim.Holder && !turn.Releases.Contains(claim with { Holder = holder }))
                return new ClaimTaken(claim.Name, holder);
        }

        return null;
    }

    public static StoredAnswer? Answer(Statement find, string key) =>
        Rows.First(find.Bind(1, key), row => new StoredAnswer(key, row.Text(0), row.Bytes(1)));

    public static ActorId? Holder(Statement find, string claim) =>
        Rows.First(find.Bind(1, claim), static row => (ActorId?)ActorId.Parse(row.Text(0)));

    private long Write(TurnRecord turn, Append append, Found actor)
    {
        var version = append.ExpectedVersion + append.Events.Length;
        var no = actor.No == 0 ? Add(append, version) : Change(append, version, actor);
        var first = 0L;
        version = append.ExpectedVersion;
        foreach (var one in append.Events)
        {
            addEvent
                .Bind(1, no).Bind(2, ++version).Bind(3, one.Name).Bind(4, JournalJson.Ticks(turn.At)).Bind(5, turn.By).Bind(6, one.Payload)
                .Bind(7, append.Timeline).Bind(8, turn.Consumes?.EffectId).Bind(9, turn.Token).Bind(10, turn.Trace)
                .Execute();
            if (first == 0) first = link.LastRow;
        }

        return first;
    }

    private long Add(Append append, long version)
    {
        var index = append.Index;
        addActor
            .Bind(1, ActorId.KindName(append.Actor.Kind)).Bind(2, append.Actor.Key).Bind(3, version)
            .Bind(4, index.Status).Bind(5, index.Open).Bind(6, index.Rank).Bind(7, index.Incident).Bind(8, index.Owner).Bind(9, index.Flow)
            .Bind(10, append.Document)
            .Execute();
        return link.LastRow;
    }

    private long Change(Append append, long version, Found actor)
    {
        var index = append.Index;
        if (actor.SameIndex)
        {
            changeDocument.Bind(1, version).Bind(2, append.Document).Bind(3, actor.No).Execute();
        }
        else
        {
            changeActor
                .Bind(1, version).Bind(2, append.Document)
                .Bind(3, index.Status).Bind(4, index.Open).Bind(5, index.Rank).Bind(6, index.Incident).Bind(7, index.Owner)
                .Bind(8, index.Flow).Bind(9, actor.No)
                .Execute();
        }

        return actor.No;
    }

    private void Archive(ImmutableArray<Append> appends, ImmutableArray<string> messageIds)
    {
        for (var i = 0; i < appends.Length; i++)
            link["delete from events where actor = ? and version <= ?"].Bind(1, found[i].No).Bind(2, appends[i].ExpectedVersion).Execute();
        foreach (var id in messageIds) link["delete from messages where id = ?"].Bind(1, id).Execute();
    }

    private void Restore(StoredEvent one) => link[
        """
        insert into events (position, actor, version, name, at, by, payload, incident, cause, token, trace)
        values (?1, (select no from actors where kind = ?2 and key = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """]
        .Bind(1, FeedCursor.Parse(one.Cursor).Position).Bind(2, ActorId.KindName(one.Actor.Kind)).Bind(3, one.Actor.Key).Bind(4, one.Version)
        .Bind(5, one.Name).Bind(6, JournalJson.Ticks(one.At)).Bind(7, one.By).Bind(8, one.Payload).Bind(9, one.Incident).Bind(10, one.Cause)
        .Bind(11, one.Token).Bind(12, one.Trace)
        .Execute();

    /// <summary>Compares the index columns too: writing them unchanged would still rewrite every index.</summary>
    private Found Find(Append append)
    {
        var index = append.Index;
        findActor
            .Bind(1, index.Status).Bind(2, index.Open).Bind(3, index.Rank).Bind(4, index.Incident).Bind(5, index.Owner).Bind(6, index.Flow)
            .Bind(7, ActorId.KindName(append.Actor.Kind)).Bind(8, append.Actor.Key);
        var actor = findActor.Step() ? new Found(findActor.Number(0), findActor.Number(1), findActor.Number(2) != 0) : default;
        findActor.Reset();
        return actor;
    }

    private long Version(ActorId actor)
    {
        findVersion.Bind(1, ActorId.KindName(actor.Kind)).Bind(2, actor.Key);
        var version = findVersion.Step() ? findVersion.Number(0) : 0;
        findVersion.Reset();
        return version;
    }

    /// <param name="No">0: the actor does not exist.</param>
    private readonly record struct Found(long No, long Version, bool SameIndex);
}
