using System.Collections.Immutable;

namespace IncidentActors.Engine.Journals;

/// <summary>
/// What every journal asks of a turn before it looks at anything else, so that none accepts what another one cannot keep.
/// Ids and short texts contain neither NUL nor half a surrogate pair; inside JSON both are fine, escaped.
/// </summary>
public static class WellFormed
{
    /// <exception cref="ArgumentException">A turn is not what the contract describes: a mistake in the program.</exception>
    public static void Check(IReadOnlyList<TurnRecord> turns)
    {
        for (var i = 0; i < turns.Count; i++) Check(turns[i]);
    }

    private static void Check(TurnRecord turn)
    {
        Text(turn.By, nameof(turn.By));
        Text(turn.Token, nameof(turn.Token));
        Text(turn.Trace, nameof(turn.Trace));
        foreach (var append in turn.Appends) Check(append);
        foreach (var guard in turn.Guards) Text(guard.Actor.Key, nameof(turn.Guards));
        foreach (var effect in turn.Effects) Check(effect);
        foreach (var cancel in turn.Cancels) Text(cancel, nameof(turn.Cancels));
        foreach (var claim in turn.Claims) Text(claim.Name, nameof(turn.Claims));
        foreach (var release in turn.Releases) Text(release.Name, nameof(turn.Releases));
        foreach (var message in turn.Messages) Check(message);
        foreach (var ack in turn.Acks) Text(ack.By, nameof(turn.Acks));
        Text(turn.Consumes?.EffectId, nameof(turn.Consumes));
        Text(turn.Consumes?.LeaseToken, nameof(turn.Consumes));
        Text(turn.Answer?.Key, nameof(turn.Answer));
        Text(turn.Answer?.RequestHash, nameof(turn.Answer));
        Once(turn.Appends, static append => append.Actor, nameof(turn.Appends));
        Once(turn.Effects, static effect => effect.Id, nameof(turn.Effects));
        Once(turn.Claims, static claim => claim.Name, nameof(turn.Claims));
        Once(turn.Messages, static message => message.Id, nameof(turn.Messages));
    }

    private static void Check(Append append)
    {
        Text(append.Actor.Key, nameof(append.Actor));
        Text(append.Index.Status, nameof(append.Index));
        Text(append.Index.Incident, nameof(append.Index));
        Text(append.Index.Owner, nameof(append.Index));
        Text(append.Index.Flow, nameof(append.Index));
        if (append.Events.IsDefaultOrEmpty) throw new ArgumentException($"The append to {append.Actor} has no event.");
        if (append.ExpectedVersion < 0) throw new ArgumentException($"The append to {append.Actor} expects a version below 0.");
        foreach (var one in append.Events) Text(one.Name, nameof(append.Events));
    }

    private static void Check(EffectRecord effect)
    {
        Text(effect.Id, nameof(effect.Id));
        Text(effect.Target.Key, nameof(effect.Target));
        Text(effect.LeaseToken, nameof(effect.LeaseToken));
        if (effect.LeaseToken is null != effect.LeaseUntil is null)
            throw new ArgumentException($"The effect {effect.Id} has a lease token without an end, or an end without a token.");
    }

    private static void Check(MessageRecord message)
    {
        Text(message.Id, nameof(message.Id));
        Text(message.To, nameof(message.To));
    }

    private static void Text(string? text, string field)
    {
        if (text is null) return;
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && !text.Contains('\0')) return;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i)) i++;
            else if (char.IsSurrogate(text[i]) || text[i] == '\0')
                throw new ArgumentException($"{field} holds a character at {i} that cannot be stored (NUL or half a surrogate pair).");
        }
    }

    private static void Once<T, TKey>(ImmutableArray<T> items, Func<T, TKey> key, string field)
    {
        const int Few = 16;
        var seen = items.Length > Few ? new HashSet<TKey>(items.Length) : null;
        for (var i = 0; i < items.Length; i++)
        {
            var one = key(items[i]);
            var twice = seen is null ? Before(i, one) : !seen.Add(one);
            if (twice) throw new ArgumentException($"{field} names {one} twice in one turn.");
        }

        bool Before(int end, TKey one)
        {
            for (var j = 0; j < end; j++)
            {
                if (EqualityComparer<TKey>.Default.Equals(key(items[j]), one)) return true;
            }

            return false;
        }
    }
}
